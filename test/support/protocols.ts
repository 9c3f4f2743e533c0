import type { GroupConfig } from '../../src/config/group.ts';

type Protocol = readonly [name: string, group: Partial<GroupConfig>];

const roundrobin: Protocol = ['roundrobin', { assignmentStrategy: 'roundrobin' }];

/**
 * Each way to hand over partitions: all at once, one by one, and by the broker; for
 * `describe.each`.
 */
export const handovers: readonly Protocol[] = [
  ['range', { assignmentStrategy: 'range' }],
  ['cooperative-sticky', { assignmentStrategy: 'cooperative-sticky' }],
  ["the broker's own assignment (KIP-848)", { groupProtocol: 'consumer' }],
];

/** All protocols that members offer. */
export const protocols: readonly Protocol[] = [...handovers, roundrobin];
