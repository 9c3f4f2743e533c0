declare const brand: unique symbol;

/** Number of a member within its group, from 0. A replacement after a crash gets a new one. */
export type MemberId = number & { readonly [brand]: 'MemberId' };

/** Partition of the topic, from 0. */
export type Partition = number & { readonly [brand]: 'Partition' };
