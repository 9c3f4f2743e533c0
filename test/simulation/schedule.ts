import type { BatchSums } from '../../src/count/batch-sums.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { healAndExpect } from './heal.ts';
import { Actions } from './actions.ts';
import { randomDisorder } from './memory-order.ts';
import type { Product } from './product.ts';
import { randomPartition } from './topic.ts';
import { Violation, type CheckName } from './violation.ts';
import { World } from './world.ts';

export interface ScheduleResult {
  /** Accesses to shared memory that were made, over all threads. */
  readonly accesses: number;
  readonly kills: number;
  readonly fences: number;
  readonly snapshots: number;
  readonly violation: { readonly check: CheckName; readonly message: string } | undefined;
}

/** The seed of one schedule of a run. */
export function scheduleSeed(seed: number, schedule: number): number {
  return (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(schedule + 1, 0x85eb_ca6b)) >>> 0;
}

/**
 * One schedule: two or three members, one or two partitions, and the actions that the seed draws. Then
 * the faults end, and every record must be counted.
 * @param trace - receives every step, to follow a failure by eye
 */
export function runSchedule(
  product: Product,
  sums: BatchSums,
  seed: number,
  trace?: (line: string) => void,
): ScheduleResult {
  const random = seededRandom(seed);
  const disorder = seed % 2 === 0 ? undefined : randomDisorder(seededRandom(seed ^ 0x5bd1_e995));
  const partitions = 1 + Math.floor(random() * 2);
  const world = new World({
    product,
    sums,
    topic: Array.from({ length: partitions }, () => randomPartition(random, 3 + Math.floor(random() * 6))),
    protocol: random() < 0.5 ? 'EAGER' : 'COOPERATIVE',
    slotsLog2: 2 + Math.floor(random() * 3),
    ...(disorder === undefined ? {} : { disorder }),
  });
  const actions = new Actions(world, random, trace);
  let violation: ScheduleResult['violation'];
  try {
    const members = 2 + Math.floor(random() * 2);
    for (let index = 0; index < members; index += 1) world.start();
    actions.rebalance();
    const steps = 20 + Math.floor(random() * 50);
    for (let step = 0; step < steps; step += 1) actions.any();
    healAndExpect(world, random, trace);
  } catch (error) {
    violation = violationOf(error);
  }
  const fibers = world.everyFiber();
  return {
    accesses: fibers.reduce((sum, { accesses }) => sum + accesses, 0),
    kills: actions.kills,
    fences: world.fences,
    snapshots: world.reader.snapshots,
    violation,
  };
}

export function violationOf(error: unknown): NonNullable<ScheduleResult['violation']> {
  if (error instanceof Violation) return { check: error.check, message: error.message };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { check: 'errors', message: `${message} (${stack?.split('\n')[1]?.trim() ?? ''})` };
}
