import { z } from 'zod';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

/**
 * Samples of one run. Lists have one entry per sample; nested lists are indexed by partition or
 * member first.
 */
export const samples = z
  .strictObject({
    intervalMs: measure.describe(
      'nominal interval between samples; doubled in long runs so that there are at most 240 samples',
    ),
    atMs: z.array(measure).describe('time since the gate opened'),
    recordsPerPartition: z.array(z.array(whole)).describe('records applied so far'),
    recordsPerMember: z.array(z.array(whole)).describe('records applied so far'),
    cpuMs: z.array(measure).describe('CPU time of the whole process so far'),
    brokerCpuMs: z.array(measure).optional().describe('CPU time of all managed broker processes so far'),
    rssMib: z.array(measure),
  })
  .describe('one sample about every 50 ms');

export const steady = z
  .strictObject({
    fromMs: measure.describe(
      'end of the warm-up, found by the MSER rule on the rates of the first half of the samples',
    ),
    toMs: measure.describe('when the first member reached the end of its partitions'),
    recordsPerSecond: measure,
  })
  .describe('steady state: the run without its start and its tail');

export const changelog = z.strictObject({
  transactions: whole.describe('of all members, aborted ones included'),
  records: whole.describe('words and progress, in all transactions'),
  bytes: whole.describe('bytes of the keys and values of these records'),
});

export const usage = z.strictObject({
  intervalMs: measure
    .optional()
    .describe('what this was measured over: longer than the run by the wait until its end is noticed'),
  cpuMs: measure.describe('user and system time of this process: members, their clients, supervisor'),
  brokerCpuMs: measure.optional().describe('CPU time of the managed broker processes'),
  machineBusyMs: measure.describe('busy time of all cores together, over all processes'),
  receivedBytes: measure.optional().describe('by all network interfaces of the machine, including loopback (Linux)'),
});

export const accounting = z
  .strictObject({
    produced: whole.describe('records according to the reference'),
    counted: whole.describe('records in the tables'),
    countedTwice: z.array(z.strictObject({ partition: whole, records: atLeastOne })),
    lost: z.array(z.strictObject({ partition: whole, fromOffset: whole, toOffset: whole.describe('exclusive') })),
    remainder: z.int().describe('produced - counted - lost + counted twice: any other value than 0 fails the run'),
    refused: z
      .strictObject({
        alreadyCounted: whole.describe('records below the next offset of their table'),
        notOwner: whole.describe('records of a partition that another member owns'),
        fencedBatches: whole.describe('batches that arrived after the lease of their table was revoked'),
      })
      .describe('redelivered records that were not counted again, by cause'),
  })
  .describe('produced = counted - counted twice + lost');
