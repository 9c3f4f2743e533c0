import type { Connection } from '../config/connection.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import { allFaultKinds, type FaultKind } from '../stress/faults/all-faults.ts';
import { processFaultKinds, type ProcessFaultKind } from '../stress/processes/process-faults.ts';

/** Kinds of faults of `stress`, with and without --processes. */
export const anyFaultKinds: readonly (FaultKind | ProcessFaultKind)[] = [
  ...new Set([...allFaultKinds, ...processFaultKinds]),
];

interface ProcessFlags {
  readonly processes?: number;
  readonly faults?: readonly (FaultKind | ProcessFaultKind)[];
  readonly brokers: Connection['source'];
  readonly bootstrapServer?: string;
  readonly selfTest: boolean;
  readonly scenario?: string;
  readonly replay?: string;
  readonly soak: boolean;
  readonly mode?: string;
}

export const processRules: readonly Rule<ProcessFlags>[] = [
  noEffect<ProcessFlags>(
    ['scenario', 'replay', 'soak', 'mode'],
    'with --processes',
    ({ processes }) => processes !== undefined,
  ),
  noEffect<ProcessFlags>(['processes'], 'with --self-test', ({ selfTest }) => selfTest),
  ({ processes, brokers, bootstrapServer }) =>
    processes !== undefined && brokers === 'mock' && bootstrapServer === undefined
      ? [{ message: '--processes needs brokers that other processes can use', hint: 'omit --brokers mock' }]
      : [],
  ({ processes, faults = [] }) => {
    const known: readonly string[] = processes === undefined ? allFaultKinds : processFaultKinds;
    const unknown = faults.filter((kind) => !known.includes(kind));
    if (unknown.length === 0) return [];
    const without = processes === undefined ? 'without' : 'with';
    return [
      {
        message: `--faults ${unknown.join(',')} ${unknown.length === 1 ? 'is' : 'are'} not possible ${without} --processes`,
        hint: `pass some of ${known.join(', ')}`,
      },
    ];
  },
];
