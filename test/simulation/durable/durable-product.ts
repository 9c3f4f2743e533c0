import * as changelogFollower from '../../../src/member/changelog-follower.ts';
import * as tableRegistry from '../../../src/cluster/table-registry.ts';
import * as durableCells from '../../../src/count/durable-cells.ts';
import * as transactionError from '../../../src/kafka/native/transaction-error.ts';
import * as turn from '../../../src/member/turn.ts';
import { builtModules } from '../product.ts';

const source = {
  'member/changelog-follower': changelogFollower,
  'cluster/table-registry': tableRegistry,
  'count/durable-cells': durableCells,
  'kafka/native/transaction-error': transactionError,
  'member/turn': turn,
};

/** The modules that the simulation of durable groups runs: the program's own, by their path below src/. */
export type DurableProduct = typeof source;

/** The program's source. */
export const ownDurableProduct: DurableProduct = source;

/** The modules of another build, such as a mutant. @param distUrl - ends with a slash */
export async function builtDurableProduct(distUrl: URL): Promise<DurableProduct> {
  return builtModules(source, distUrl);
}
