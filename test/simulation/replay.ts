import { ClusterError } from '../../src/errors.ts';
import { ownDurableProduct } from './durable/durable-product.ts';
import { runDurableSchedule } from './durable/durable-schedule.ts';
import { durableSums } from './durable/durable-world.ts';
import { ownProduct } from './product.ts';
import { runSchedule, scheduleSeed, type ScheduleResult } from './schedule.ts';
import { sumsFields } from './sim-member.ts';

/**
 * Runs one schedule again and prints its steps.
 * @param which - SEED:SCHEDULE or durable:SEED:SCHEDULE, as a failure prints it
 * @returns whether all properties held
 * @throws ClusterError usage
 */
export function replay(which: string, print: (line: string) => void): boolean {
  const [, durable, seed, schedule] = /^(durable:)?(\d+):(\d+)$/.exec(which) ?? [];
  if (seed === undefined || schedule === undefined) {
    throw new ClusterError('usage', `--replay ${which}: SEED:SCHEDULE is expected`, { hint: 'for example 1:348' });
  }
  const seedOfSchedule = scheduleSeed(Number(seed), Number(schedule));
  const { violation } =
    durable === undefined ? replayMembers(seedOfSchedule, print) : replayDurable(seedOfSchedule, print);
  print(violation === undefined ? 'all properties hold' : `${violation.check}: ${violation.message}`);
  return violation === undefined;
}

type Replayed = Pick<ScheduleResult, 'violation'>;

function replayMembers(seed: number, print: (line: string) => void): Replayed {
  const sums = new ownProduct['count/batch-sums'].BatchSums({ tokenizer: 'unicode', fields: sumsFields });
  return runSchedule(ownProduct, sums, seed, print);
}

function replayDurable(seed: number, trace: (line: string) => void): Replayed {
  return runDurableSchedule({ product: ownDurableProduct, sums: durableSums(), seed, trace });
}
