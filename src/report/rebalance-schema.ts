import { z } from 'zod';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

/** The classic protocol by its assignor, and the broker-side one of KIP-848. */
export const rebalanceProtocols = ['range', 'roundrobin', 'cooperative-sticky', 'consumer'] as const;
export const rebalanceCauses = ['join', 'leave', 'crash', 'scaleUp', 'scaleDown'] as const;

const rebalanceRow = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  cause: z.enum(rebalanceCauses),
  fromMembers: atLeastOne,
  toMembers: atLeastOne,
  runs: atLeastOne,
  settleMs: measure.describe('median, from the cause to a group at rest'),
  moved: measure.describe('partitions that changed their owner, median'),
  gapsMs: z
    .strictObject({ p50: measure, max: measure })
    .describe(
      'of every partition in every run: the longest time without a batch applied, from the last before to the first after',
    ),
  movedGapsMs: z
    .strictObject({ p50: measure, max: measure })
    .optional()
    .describe('of the partitions that changed their owner; absent when none did'),
  splitMs: z
    .strictObject({ detect: measure, revoke: measure, assign: measure, firstRecord: measure })
    .describe('medians, of the gaps of partitions that moved, or stopped though kept'),
  refetched: measure.describe('records fetched and thrown away, because counted already or not owned any more; median'),
  stoppedThoughKept: z
    .strictObject({ partitions: measure.describe('median'), members: measure.describe('median'), maxMs: measure })
    .describe('partitions whose owner stayed the same, but gave them back meanwhile; and how many members that befell'),
});

const timelineRow = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  partition: whole,
  member: whole,
  fromMs: measure.describe('since the begin of this protocol’s first run'),
  toMs: measure,
  kind: z.enum(['owned', 'gap']).describe('`gap`: nothing was applied; of the member that ended it'),
});

const mark = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  atMs: measure,
  cause: z.enum(rebalanceCauses),
  text: z.string(),
});

/** Of lane `rebalance`: what it costs that a group's members change, with a steady feed. */
export const rebalanceReport = z.strictObject({
  ratePerSecond: measure,
  partitions: atLeastOne,
  sessionTimeoutMs: measure,
  rows: z.array(rebalanceRow),
  timeline: z.array(timelineRow).describe('of the first run of each protocol'),
  marks: z.array(mark),
  verified: z.boolean().describe('true only when the counts of every run are those of the reference'),
  differences: z.array(z.string()).optional().describe('what differs, a line each'),
});

export type RebalanceProtocol = (typeof rebalanceProtocols)[number];
export type RebalanceCause = (typeof rebalanceCauses)[number];
export type RebalanceRow = Readonly<z.infer<typeof rebalanceRow>>;
export type TimelineRow = Readonly<z.infer<typeof timelineRow>>;
export type TimelineMark = Readonly<z.infer<typeof mark>>;
export type RebalanceReport = Readonly<z.infer<typeof rebalanceReport>>;
