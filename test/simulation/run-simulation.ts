import { crashAtEveryPoint, type CrashPoints } from './crash-points.ts';
import { interleave, interleaveRecovery } from './interleavings.ts';
import { pacer, type PacerOptions } from './pacer.ts';
import type { Product } from './product.ts';
import { readWhileWriting } from './reader-litmus.ts';
import { runSchedule, scheduleSeed, violationOf, type ScheduleResult } from './schedule.ts';
import { sumsFields } from './sim-member.ts';
import type { FoundViolation } from './violation.ts';

export interface SimulationOptions extends PacerOptions {
  readonly product: Product;
  readonly seed: number;
  readonly schedules: number;
  /** Whether crash points and interleavings are enumerated, before the schedules. */
  readonly exhaustive: boolean;
  /** Whether readings are enumerated, even if the rest is not. */
  readonly readers?: boolean;
}

export interface SimulationReport {
  readonly seed: number;
  readonly schedules: number;
  readonly accesses: number;
  readonly kills: number;
  readonly fences: number;
  readonly snapshots: number;
  /** Undefined when they were not asked for. */
  readonly crashPoints: CrashPoints | undefined;
  readonly interleavings: number | undefined;
  /** Of a reader and a writer whose stores overtake each other. */
  readonly readings: number | undefined;
  readonly seconds: number;
  readonly schedulesPerSecond: number;
  readonly partial: boolean;
  /** The first property that did not hold: nothing is run after it. */
  readonly violation: FoundViolation | undefined;
}

/** Runs what is enumerated, then the schedules of a seed, up to the first violation. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const { product, seed, schedules } = options;
  const sums = new product['count/batch-sums'].BatchSums({ tokenizer: 'unicode', fields: sumsFields });
  const startMs = performance.now();
  const totals = { accesses: 0, kills: 0, fences: 0, snapshots: 0 };
  let crashPoints: CrashPoints | undefined;
  let interleavings: number | undefined;
  let readings: number | undefined;
  let violation: SimulationReport['violation'];
  let done = 0;
  const pace = pacer(options);
  try {
    if (options.exhaustive || options.readers === true) {
      readings = await pace('readings', readWhileWriting(product, sums));
    }
    if (options.exhaustive) {
      crashPoints = await pace('crash points', crashAtEveryPoint(product, sums));
      const preempted = await pace('interleavings', interleave(product, sums));
      interleavings =
        (preempted ?? 0) + ((await pace('interleavings of recovery', interleaveRecovery(product, sums))) ?? 0);
    }
  } catch (error) {
    violation = { ...violationOf(error), schedule: undefined };
  }
  const scheduleMs = performance.now();
  if (violation === undefined) {
    await pace(
      `schedules of ${schedules}`,
      (function* () {
        for (; done < schedules && violation === undefined; done += 1) {
          const result = runSchedule(product, sums, scheduleSeed(seed, done));
          addTo(totals, result);
          if (result.violation !== undefined) violation = { ...result.violation, schedule: done };
          yield done + 1;
        }
      })(),
    );
  }
  const seconds = (performance.now() - startMs) / 1_000;
  return {
    seed,
    schedules: done,
    ...totals,
    crashPoints,
    interleavings,
    readings,
    seconds,
    schedulesPerSecond: (1_000 * done) / (performance.now() - scheduleMs),
    partial: options.signal?.aborted === true,
    violation,
  };
}

function addTo(totals: Record<'accesses' | 'kills' | 'fences' | 'snapshots', number>, result: ScheduleResult): void {
  totals.accesses += result.accesses;
  totals.kills += result.kills;
  totals.fences += result.fences;
  totals.snapshots += result.snapshots;
}
