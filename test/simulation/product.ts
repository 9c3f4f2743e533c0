import * as handoverTimeout from '../../src/cluster/handover-timeout.ts';
import * as restartPolicy from '../../src/cluster/restart-policy.ts';
import * as memberState from '../../src/cluster/member-state.ts';
import * as tableRegistry from '../../src/cluster/table-registry.ts';
import * as watchdog from '../../src/cluster/watchdog.ts';
import * as batchSums from '../../src/count/batch-sums.ts';
import * as layout from '../../src/count/layout.ts';
import * as lease from '../../src/count/lease.ts';
import * as recovery from '../../src/count/recovery.ts';
import * as tableReader from '../../src/count/table-reader.ts';
import * as tableWriter from '../../src/count/table-writer.ts';
import * as turn from '../../src/member/turn.ts';

const source = {
  'count/layout': layout,
  'count/lease': lease,
  'count/recovery': recovery,
  'count/table-reader': tableReader,
  'count/table-writer': tableWriter,
  'count/batch-sums': batchSums,
  'member/turn': turn,
  'cluster/handover-timeout': handoverTimeout,
  'cluster/member-state': memberState,
  'cluster/restart-policy': restartPolicy,
  'cluster/table-registry': tableRegistry,
  'cluster/watchdog': watchdog,
};

/** The modules that a simulation runs: the program's own, by their path below src/. */
export type Product = typeof source;

/** The program's source. */
export const ownProduct: Product = source;

/** The modules of another build, such as a mutant. @param distUrl - ends with a slash */
export async function builtProduct(distUrl: URL): Promise<Product> {
  return builtModules(source, distUrl);
}

/** @param like - the same modules of the program's source, by their path */
export async function builtModules<Modules extends object>(like: Modules, distUrl: URL): Promise<Modules> {
  const names = Object.keys(like);
  const modules = await Promise.all(
    names.map((name) => import(new URL(`${name}.js`, distUrl).href) as Promise<unknown>),
  );
  return Object.fromEntries(names.map((name, index) => [name, modules[index]])) as Modules;
}
