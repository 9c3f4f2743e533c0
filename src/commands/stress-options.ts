import { WordcountError } from '../errors.ts';
import type { FaultKind } from '../faults/all-faults.ts';
import { possibleProtocols, protocolNames, type ProtocolName, type StressMode } from '../stress/run-plan.ts';
import { possibleKinds } from '../stress/run-resources.ts';
import type { PlanWishes } from '../stress/stress-plans.ts';
import type { ConnectionOptions } from './shared-options.ts';

/** Options of `stress`, as commander hands them over. */
export interface StressOptions extends ConnectionOptions {
  readonly seed: number;
  readonly runs: number;
  readonly faults?: readonly FaultKind[];
  readonly scenario?: string;
  readonly replay?: string;
  readonly soak: boolean;
  readonly historyDir?: string;
  readonly duration?: number;
  readonly protocol?: ProtocolName;
  readonly mode?: StressMode;
  readonly members?: number;
  readonly partitions?: number;
  readonly rate?: number;
  readonly sessionTimeout?: number;
  readonly failFast: boolean;
  readonly selfTest: boolean;
  readonly mutants?: readonly string[];
  readonly json?: string;
}

/** @throws WordcountError usage when options exclude each other */
export function wishesOf(options: StressOptions): PlanWishes {
  const { seed, runs, soak, faults, scenario, replay } = options;
  const sources = Object.entries({ '--faults': faults, '--scenario': scenario, '--replay': replay });
  const given = sources.filter(([, value]) => value !== undefined).map(([flag]) => flag);
  if (given.length > 1) {
    throw new WordcountError('usage', `${given.join(' and ')} exclude each other: each says which faults there are`);
  }
  const asked = {
    durationMs: options.duration,
    protocol: options.protocol,
    mode: options.mode,
    members: options.members,
    partitions: options.partitions,
    rate: options.rate,
    sessionTimeoutMs: options.sessionTimeout,
  };
  return {
    ...{ seed, runs, soak },
    asked,
    kinds: faults ?? possibleKinds(options.bootstrapServer === undefined ? options.brokers : 'external'),
    protocols: options.kafkaVersion === undefined ? protocolNames : possibleProtocols(options.kafkaVersion),
    ...(scenario === undefined ? {} : { scenario }),
    ...(replay === undefined ? {} : { replay }),
  };
}
