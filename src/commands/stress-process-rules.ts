import type { Connection } from '../config/connection.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';

interface ProcessFlags {
  readonly processes?: number;
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
];
