import { ClusterError } from '../../src/errors.ts';
import type { Product } from './product.ts';
import { runSchedule, scheduleSeed } from './schedule.ts';
import { sumsFields } from './sim-member.ts';

/**
 * Runs one schedule again and prints its steps.
 * @param which - SEED:SCHEDULE, as a failure prints it
 * @returns whether all properties held
 * @throws ClusterError usage
 */
export function replay(product: Product, which: string, print: (line: string) => void): boolean {
  const [, seed, schedule] = /^(\d+):(\d+)$/.exec(which) ?? [];
  if (seed === undefined || schedule === undefined) {
    throw new ClusterError('usage', `--replay ${which}: SEED:SCHEDULE is expected`, { hint: 'for example 1:348' });
  }
  const sums = new product['count/batch-sums'].BatchSums({ tokenizer: 'unicode', fields: sumsFields });
  const { violation } = runSchedule(product, sums, scheduleSeed(Number(seed), Number(schedule)), print);
  print(violation === undefined ? 'all properties hold' : `${violation.check}: ${violation.message}`);
  return violation === undefined;
}
