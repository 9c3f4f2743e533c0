/**
 * A property of Kafka's Java client in librdkafka's terms: the properties with exactly the same
 * meaning, or the reason why no property has it. `reason` never contains values.
 */
export type Translation =
  | { readonly type: 'translated'; readonly properties: Readonly<Record<string, string>> }
  | { readonly type: 'refused'; readonly reason: string };

export function translated(properties: Readonly<Record<string, string>>): Translation {
  return { type: 'translated', properties };
}

export function refused(reason: string): Translation {
  return { type: 'refused', reason };
}
