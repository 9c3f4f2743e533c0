import { seededRandom } from '../../../src/seeded-random.ts';
import { violationOf, type ScheduleResult } from '../schedule.ts';
import { randomPartition } from '../topic.ts';
import { DurableActions } from './durable-actions.ts';
import { healAndExpectDurable, runCalmRound } from './durable-heal.ts';
import type { DurableProduct } from './durable-product.ts';
import { DurableWorld, type DurableSums } from './durable-world.ts';

const calmRoundsMax = 12;

export interface DurableResult {
  readonly kills: number;
  readonly commits: number;
  readonly aborts: number;
  readonly violation: ScheduleResult['violation'];
}

export interface DurableScheduleOptions {
  readonly product: DurableProduct;
  readonly sums: DurableSums;
  readonly seed: number;
  readonly readsUncommitted?: boolean;
  readonly trace?: (line: string) => void;
}

/** One schedule: a few processes that share a group, the actions that the seed draws, then calm. */
export function runDurableSchedule(options: DurableScheduleOptions): DurableResult {
  const { product, sums, seed, readsUncommitted = false, trace } = options;
  const random = seededRandom(seed);
  const partitions = 1 + Math.floor(random() * 2);
  const world = new DurableWorld({
    ...{ product, sums, random, readsUncommitted, trace },
    topic: Array.from({ length: partitions }, () => randomPartition(random, 6 + Math.floor(random() * 12))),
    protocol: random() < 0.5 ? 'EAGER' : 'COOPERATIVE',
    standby: random() < 0.5,
    isStatic: seed % 3 === 0,
  });
  const actions = new DurableActions(world);
  let violation: DurableResult['violation'];
  try {
    withoutWaits(() => {
      for (let index = 0; index < 2; index += 1) world.startProcess(1 + Math.floor(random() * 2));
      // Most begin with members that own and have committed something.
      world.calm = true;
      for (let round = Math.floor(random() * calmRoundsMax); round > 0; round -= 1) {
        world.available.fill(Math.floor(random() * 6));
        runCalmRound(world);
      }
      world.calm = false;
      const steps = 200 + Math.floor(random() * 400);
      for (let step = 0; step < steps; step += 1) actions.any();
      healAndExpectDurable(world);
    });
  } catch (error) {
    violation = violationOf(error);
  }
  const { commits, aborts } = world;
  return { kills: actions.kills, commits, aborts, violation };
}

/** Threads of the simulation do not sleep: time passes between their turns. */
export function withoutWaits<Result>(run: () => Result): Result {
  const { wait } = Atomics;
  Atomics.wait = () => 'timed-out';
  try {
    return run();
  } finally {
    Atomics.wait = wait;
  }
}
