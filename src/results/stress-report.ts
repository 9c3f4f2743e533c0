import { z } from 'zod';

const Percentiles = z.strictObject({ count: z.int(), p50: z.number(), p99: z.number(), max: z.number() });

/** Output of `stress --json`. */
export const StressReportSchema = z.strictObject({
  schema: z.literal('consumer-cluster-wordcount/stress/1'),
  /** `interrupted`: no violation was found before the user ended the test. */
  verdict: z.enum(['passed', 'failed', 'interrupted', 'couldNotRun']),
  /** Seed of the first run; it increases by one per run. */
  seed: z.int(),
  runs: z.int(),
  runsFailed: z.int(),
  /** Seeds of the runs with violations. */
  failedSeeds: z.array(z.int()),
  /** Errors of runs without a verdict, one per line. */
  errors: z.array(z.string()),
  /**
   * Upper bound of the violation rate, with 95 % confidence: 3/N after N runs without a violation;
   * null when there were violations.
   */
  violationRateMax95: z.number().nullable(),
  /** Number of faults by kind. */
  faults: z.record(z.string(), z.int()),
  protocols: z.record(z.string(), z.int()),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      violations: z.int(),
      /** The first violation; null when there were no violations. */
      first: z.string().nullable(),
    }),
  ),
  /** Takeover times, grouped by fault, then by protocol. */
  takeoverMs: z.record(z.string(), z.record(z.string(), Percentiles)),
  records: z.int(),
  words: z.int(),
  crashes: z.int(),
  /** Number of late writes that tables refused. */
  refused: z.int(),
  /**
   * Self-test only, else null: results of the unchanged program under the same schedules. `found`
   * contains one line per false alarm and must be empty.
   */
  control: z.strictObject({ schedules: z.int(), found: z.array(z.string()) }).nullable(),
  /**
   * Self-test only: `caughtBy` lists the checks that detected the injected bug; null when no check
   * did.
   */
  mutants: z.array(z.strictObject({ name: z.string(), caughtBy: z.string().nullable(), schedules: z.int() })),
});
/** The report of a stress test. Times are in milliseconds. */
export type StressReport = Readonly<z.infer<typeof StressReportSchema>>;
