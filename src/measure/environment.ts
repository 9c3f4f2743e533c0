import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { clientVersions } from '../kafka/client-versions.ts';
import type { BenchReport } from '../report/schema.ts';

/** The machine and the programs that a measurement depends on. */
export function readEnvironment(brokers: Pick<ResolvedBrokers, 'label' | 'connection'>): BenchReport['environment'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryMib: Math.round(totalmem() / 2 ** 20),
    platform: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    program: programVersion(),
    ...clientVersions(),
    brokers: brokers.label,
    brokerSource: brokers.connection.source,
  };
}

function programVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
