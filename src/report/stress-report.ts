import { z } from 'zod';

const Percentiles = z.strictObject({ count: z.int(), p50: z.number(), p99: z.number(), max: z.number() });

/** Output of `stress --json`. */
export const StressReportSchema = z.strictObject({
  schema: z.literal('consumer-cluster-wordcount/stress/1'),
  /** `interrupted`: nothing found in what was run before the user ended it. */
  verdict: z.enum(['passed', 'failed', 'interrupted', 'couldNotRun']),
  /** Seed of the first run; it increases by one per run. */
  seed: z.int(),
  runs: z.int(),
  runsFailed: z.int(),
  /** Seeds of the runs that found something. */
  failedSeeds: z.array(z.int()),
  /** Runs that could not be made, a line each. */
  errors: z.array(z.string()),
  /**
   * After N runs without a violation, the share of bad runs is below 3/N with 95 % confidence; null
   * when there were violations.
   */
  violationRateMax95: z.number().nullable(),
  /** How often each kind happened. */
  faults: z.record(z.string(), z.int()),
  protocols: z.record(z.string(), z.int()),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      violations: z.int(),
      /** The first violation; null when there was none. */
      first: z.string().nullable(),
    }),
  ),
  /** Grouped by fault, then by protocol. */
  takeoverMs: z.record(z.string(), z.record(z.string(), Percentiles)),
  records: z.int(),
  words: z.int(),
  crashes: z.int(),
  /** Writes that came too late and were refused. */
  refused: z.int(),
  /**
   * Self-test only, else null: the unchanged program under the same schedules. `found` has one line
   * per false alarm and must be empty.
   */
  control: z.strictObject({ schedules: z.int(), found: z.array(z.string()) }).nullable(),
  /**
   * Self-test only: `caughtBy` lists the checks that judge the injected bug, null when none of them
   * detected it.
   */
  mutants: z.array(z.strictObject({ name: z.string(), caughtBy: z.string().nullable(), schedules: z.int() })),
});
export type StressReport = Readonly<z.infer<typeof StressReportSchema>>;
