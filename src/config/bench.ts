import { z } from 'zod';
import { WordcountError } from '../errors.ts';
import { lanes } from './lanes.ts';

export const membersMax = 64;
/** Of the order of the runs, without --seed. */
export const orderSeedByDefault = 1;

/** What a bench without --num-records produces: enough for a drain of a second, and two minutes for all runs. */
export const recordsByDefault = 2_000_000;
/** The mock cluster keeps 5 MiB a partition. */
export const mockRecordsByDefault = 100_000;

const whole = z.int();

const benchSchema = z
  .strictObject({
    topic: z.string().min(1, 'a topic has a name').optional(),
    partitions: whole.min(1).max(1_000).optional(),
    replicationFactor: whole.min(1).max(100).optional(),
    numRecords: whole.min(1).max(1e12).optional(),
    input: z.array(z.string()).min(1).optional(),
    vocabulary: whole.min(1).max(10_000_000).optional(),
    recordBytes: whole.min(1).max(1_048_576).optional(),
    nonAscii: z.number().min(0).max(1).optional(),
    seed: whole
      .min(0)
      .max(2 ** 32 - 1)
      .optional(),
    members: z.array(whole.min(1).max(membersMax)).min(1),
    repetitions: whole.min(1).max(1_000),
    warmUp: whole.min(0).max(100),
    untilPrecision: z.number().min(0.001).max(1).optional(),
    maxTime: whole.min(1).default(600_000),
    lane: z.array(z.enum(lanes)).min(1),
    workUs: whole.min(1).max(1_000_000),
    json: z.string().min(1).optional(),
    groupProtocol: z.enum(['classic', 'consumer']),
    assignmentStrategy: z.enum(['range', 'roundrobin', 'cooperative-sticky']),
    sessionTimeout: whole.min(1),
    tokenizer: z.enum(['unicode', 'ascii']),
    memoryMib: whole.min(1),
    bootstrapServer: z.string().optional(),
    commandConfig: z.string().optional(),
    commandProperty: z.array(z.string()).readonly().optional(),
    brokers: z.enum(['managed', 'mock']),
    timeout: whole.min(1),
  })
  .superRefine((options, context) => {
    if (options.topic === undefined) return;
    for (const name of fillsTopic) {
      if (options[name] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'says how to fill a topic, but --topic is measured as it is',
      });
    }
  });

/** Options that say how a fresh topic is made. */
const fillsTopic = [
  'partitions',
  'replicationFactor',
  'numRecords',
  'input',
  'vocabulary',
  'recordBytes',
  'nonAscii',
] as const;

export type BenchConfig = Readonly<z.infer<typeof benchSchema>>;

/**
 * @param options - of the command line, each already a value of its kind
 * @throws WordcountError usage, naming the flag of the first problem and listing the others as hint
 */
export function parseBenchConfig(options: unknown): BenchConfig {
  const result = benchSchema.safeParse(options);
  if (result.success) return Object.freeze(result.data);
  const [first = 'wrong options', ...others] = result.error.issues.map(
    ({ path, message }) => `${flagOf(path[0])}: ${message}`,
  );
  throw new WordcountError('usage', first, others.length === 0 ? {} : { hint: others.join('; ') });
}

function flagOf(name: PropertyKey | undefined): string {
  if (name === undefined) return 'options';
  return `--${String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
