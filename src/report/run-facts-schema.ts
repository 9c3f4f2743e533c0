import { z } from 'zod';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

/** Of one run; every list has an entry a moment, but the first index of the lists of lists is partition or member. */
export const samples = z
  .strictObject({
    intervalMs: measure.describe(
      'nominal; doubles when a run gets long, so that there are never more than 240 moments',
    ),
    atMs: z.array(measure).describe('since the opening of the gate'),
    recordsPerPartition: z.array(z.array(whole)).describe('applied so far'),
    recordsPerMember: z.array(z.array(whole)).describe('applied so far'),
    cpuMs: z.array(measure).describe('of the whole process so far'),
    brokerCpuMs: z.array(measure).optional().describe('of all processes of managed brokers so far'),
    rssMib: z.array(measure),
  })
  .describe('a look about every 50 ms');

export const steady = z
  .strictObject({
    fromMs: measure.describe(
      'the warm-up before it is left out: MSER rule on the rate of the first half of the samples',
    ),
    toMs: measure.describe('where the first member comes to its end'),
    recordsPerSecond: measure,
  })
  .describe('the run without its start and its tail');

export const usage = z.strictObject({
  cpuMs: measure.describe('user and system time of this process: members, their clients, supervisor'),
  brokerCpuMs: measure.optional().describe('of the processes of managed brokers'),
  machineBusyMs: measure.describe('of all cores together, whoever used them'),
  receivedBytes: measure.optional().describe('by all network interfaces of the machine, loopback among them (Linux)'),
});

export const accounting = z
  .strictObject({
    produced: whole.describe('by the reference'),
    counted: whole.describe('in tables'),
    countedTwice: z.array(z.strictObject({ partition: whole, records: atLeastOne })),
    lost: z.array(z.strictObject({ partition: whole, fromOffset: whole, toOffset: whole.describe('exclusive') })),
    remainder: z.int().describe('produced - counted - lost + counted twice: anything but 0 fails the run'),
    refused: z
      .strictObject({
        alreadyCounted: whole.describe('records below the next offset of their table'),
        notOwner: whole.describe('records of a partition that another member has'),
        fencedBatches: whole.describe('batches that came after their table had got another owner'),
      })
      .describe('delivered once more, by cause, and kept out of the counts'),
  })
  .describe('produced = counted - counted twice + lost');
