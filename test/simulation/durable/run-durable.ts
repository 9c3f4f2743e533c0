import { pacer, type PacerOptions } from '../pacer.ts';
import { scheduleSeed, violationOf } from '../schedule.ts';
import type { FoundViolation } from '../violation.ts';
import { crashDurableAtEveryPoint, type DurableCrashPoints } from './durable-crash-points.ts';
import type { DurableProduct } from './durable-product.ts';
import { runDurableSchedule } from './durable-schedule.ts';
import { durableSums } from './durable-world.ts';

export interface DurableSimulationOptions extends PacerOptions {
  readonly product: DurableProduct;
  readonly seed: number;
  readonly schedules: number;
  /** Whether crash points are enumerated, before the schedules. */
  readonly exhaustive?: boolean;
}

export interface DurableSimulationReport {
  readonly schedules: number;
  /** Transactions of the schedules. */
  readonly commits: number;
  readonly aborts: number;
  readonly kills: number;
  /** Undefined when they were not asked for. */
  readonly crashPoints: { readonly runs: number; readonly steps: number } | undefined;
  readonly seconds: number;
  readonly partial: boolean;
  /** The first property that did not hold: nothing is run after it. */
  readonly violation: FoundViolation | undefined;
}

/** Processes that share a durable group: crash points, then the schedules of a seed, up to the first violation. */
export async function runDurableSchedules(options: DurableSimulationOptions): Promise<DurableSimulationReport> {
  const { product, seed, schedules, exhaustive = false, signal } = options;
  const sums = durableSums();
  const startMs = performance.now();
  const totals = { commits: 0, aborts: 0, kills: 0 };
  const pace = pacer(options);
  let points: DurableCrashPoints | undefined;
  let violation: DurableSimulationReport['violation'];
  let done = 0;
  try {
    if (exhaustive) points = await pace('crash points of a durable group', crashDurableAtEveryPoint(product, sums));
  } catch (error) {
    violation = { ...violationOf(error), schedule: undefined };
  }
  await pace(
    `schedules of ${schedules} of a durable group`,
    (function* () {
      for (; done < schedules && violation === undefined; done += 1) {
        const result = runDurableSchedule({ product, sums, seed: scheduleSeed(seed, done) });
        totals.commits += result.commits;
        totals.aborts += result.aborts;
        totals.kills += result.kills;
        if (result.violation !== undefined) violation = { ...result.violation, schedule: done };
        yield done + 1;
      }
    })(),
  );
  return {
    schedules: done,
    ...totals,
    crashPoints: points === undefined ? undefined : { runs: points.runs, steps: points.ends.size },
    seconds: (performance.now() - startMs) / 1_000,
    partial: signal?.aborted === true,
    violation,
  };
}
