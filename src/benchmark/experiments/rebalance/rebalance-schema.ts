import { z } from 'zod';
import { protocolNames } from '../../../config/group-protocols.ts';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

/** Each assignor of the classic protocol, and the consumer protocol of KIP-848. */
export const rebalanceProtocols = protocolNames;
export const rebalanceCauses = ['join', 'leave', 'crash', 'scaleUp', 'scaleDown'] as const;

const rebalanceRow = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  cause: z.enum(rebalanceCauses),
  fromMembers: atLeastOne,
  toMembers: atLeastOne,
  runs: atLeastOne,
  settleMs: measure.describe('median time from the cause until the group was stable again'),
  moved: measure.describe('median number of partitions whose owner changed'),
  gapsMs: z
    .strictObject({ p50: measure, max: measure })
    .describe('longest pause between two applied batches, over every partition of every run'),
  movedGapsMs: z
    .strictObject({ p50: measure, max: measure })
    .optional()
    .describe('of the partitions whose owner changed; absent when there were none'),
  splitMs: z
    .strictObject({ detect: measure, revoke: measure, assign: measure, firstRecord: measure })
    .describe('median stages of the pauses of partitions that moved or stopped although they kept their owner'),
  refetched: measure.describe(
    'median number of records fetched and discarded, because they were already counted or no longer owned',
  ),
  stoppedThoughKept: z
    .strictObject({ partitions: measure.describe('median'), members: measure.describe('median'), maxMs: measure })
    .describe(
      'partitions that kept their owner although it had to revoke them for a while, and the number of such members',
    ),
});

const timelineRow = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  partition: whole,
  member: whole,
  fromMs: measure.describe('time since the first run of this protocol began'),
  toMs: measure,
  kind: z.enum(['owned', 'gap']).describe('`gap`: no batch was applied; `member` is the one that ended the gap'),
});

const mark = z.strictObject({
  protocol: z.enum(rebalanceProtocols),
  atMs: measure,
  cause: z.enum(rebalanceCauses),
  text: z.string(),
});

/**
 * Report section of the experiment `rebalance`: the cost of membership changes under a steady feed.
 */
export const rebalanceReport = z.strictObject({
  ratePerSecond: measure,
  partitions: atLeastOne,
  sessionTimeoutMs: measure,
  rows: z.array(rebalanceRow),
  timeline: z.array(timelineRow).describe('the first run of each protocol'),
  marks: z.array(mark),
  verified: z.boolean().describe('true only when the counts of every run equal the reference'),
  differences: z.array(z.string()).optional().describe('differences from the reference, one per line'),
  runs: z
    .array(
      z.strictObject({
        protocol: z.enum(rebalanceProtocols),
        repetition: atLeastOne,
        durationMs: measure
          .optional()
          .describe('of the whole run, from the start of its members; absent in reports of version 0.1'),
        changes: z
          .array(
            z.strictObject({
              cause: z.enum(rebalanceCauses),
              settleMs: measure,
              gapMs: measure.optional().describe('median over the partitions of their longest pauses'),
            }),
          )
          .optional()
          .describe('the changes of this run; absent in reports of version 0.1'),
        verified: z.boolean(),
        differences: z.array(z.string()).optional(),
      }),
    )
    .optional()
    .describe('in the order in which they were made; absent in reports of version 0.1'),
});

export type RebalanceProtocol = (typeof rebalanceProtocols)[number];
export type RebalanceCause = (typeof rebalanceCauses)[number];
export type RebalanceRow = Readonly<z.infer<typeof rebalanceRow>>;
export type TimelineRow = Readonly<z.infer<typeof timelineRow>>;
export type TimelineMark = Readonly<z.infer<typeof mark>>;
export type RebalanceRun = NonNullable<z.infer<typeof rebalanceReport>['runs']>[number];
export type RebalanceReport = Readonly<z.infer<typeof rebalanceReport>>;
