import type { GroupConfig } from '../../config/group.ts';
import { settleTimeoutMs } from '../../config/takeover-bounds.ts';
import { brokersDecide, protocolNames, type ProtocolName } from '../../config/group-protocols.ts';
import type { GroupLimits } from '../../kafka/kafkajs/group-limits.ts';
import { drawsOf } from '../faults/draws.ts';
import { planFaults, type PlannedFault } from '../faults/schedule.ts';
import type { RunIdentity } from '../run-outcome.ts';
import { protocolOf } from '../run-plan.ts';
import { processFaultOf, type ProcessFaultKind } from './process-faults.ts';

/** What determines a run across processes. The same plan gives the same faults at the same times. */
export interface ProcessPlan extends RunIdentity {
  readonly durationMs: number;
  readonly processes: number;
  /** Members of each process. */
  readonly members: number;
  readonly partitions: number;
  /** Records per second. */
  readonly rate: number;
  readonly commitIntervalMs: number;
  readonly standbyReplicas: 'all' | '0' | '1';
  /** Session timeout of the classic protocol; undefined as in RunPlan. */
  readonly sessionTimeoutMs: number | undefined;
  readonly faults: readonly PlannedFault<ProcessFaultKind>[];
}

export interface ProcessWishes {
  readonly seed: number;
  readonly runs: number;
  readonly processes: number;
  readonly durationMs: number;
  readonly rate: number;
  /** Undefined leaves it to the seed, here and below. */
  readonly members: number | undefined;
  readonly partitions: number | undefined;
  readonly protocol: ProtocolName | undefined;
  readonly sessionTimeoutMs: number | undefined;
  readonly kinds: readonly ProcessFaultKind[];
  /** Protocols that the brokers support: the rotation runs over these. */
  readonly protocols: readonly ProtocolName[];
}

const commitIntervalsMs = [100, 200, 500, 1_000] as const;
const sessionMsMin = 3_000;

/** Records per second when the user names none: an independent reader has to keep up. */
export const processRate = 1_000;

/** The plans of all runs, each with its own seed. Pure. */
export function processPlans(wishes: ProcessWishes): ProcessPlan[] {
  return Array.from({ length: wishes.runs }, (_, run) => processPlan(wishes, wishes.seed + run));
}

function processPlan(wishes: ProcessWishes, seed: number): ProcessPlan {
  const { durationMs, processes, rate, sessionTimeoutMs, kinds, protocols } = wishes;
  const drawn = <Value>(name: string, values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(drawsOf(seed, 'processes', name)() * values.length)] ?? values[0];
  return {
    ...{ seed, durationMs, processes, rate, sessionTimeoutMs },
    protocol: wishes.protocol ?? protocolOf(seed, protocols.length === 0 ? protocolNames : protocols),
    members: wishes.members ?? drawn('members', [1, 2]),
    partitions: wishes.partitions ?? drawn('partitions', [4, 6]),
    commitIntervalMs: drawn('commit interval', commitIntervalsMs),
    standbyReplicas: drawn('standby replicas', ['all', '0', '1']),
    faults: planFaults({ seed, durationMs, faults: kinds.map(processFaultOf) }),
  };
}

/** Session timeout of the group in milliseconds. */
export function sessionMsOf(
  { protocol, sessionTimeoutMs }: Pick<ProcessPlan, 'protocol' | 'sessionTimeoutMs'>,
  limits: GroupLimits,
): GroupConfig['sessionTimeoutMs'] {
  if (brokersDecide(protocol)) return limits.consumerSessionTimeoutMs;
  return sessionTimeoutMs ?? Math.max(sessionMsMin, limits.minSessionTimeoutMs);
}

/** Flags of `counts` for the protocol of a group. */
export function protocolFlags(protocol: ProtocolName, sessionTimeoutMs: number): readonly string[] {
  if (brokersDecide(protocol)) return ['--group-protocol', protocol];
  return ['--assignment-strategy', protocol, '--session-timeout', `${sessionTimeoutMs}ms`];
}

/** Arguments of each process of a run. */
export function processArgs(
  plan: ProcessPlan,
  at: {
    readonly bootstrapServers: string;
    readonly topic: string;
    readonly groupId: string;
    readonly sessionTimeoutMs: number;
    /** Further flags for the connection. */
    readonly clientFlags: readonly string[];
  },
): readonly string[] {
  return [
    ...['counts', '--durable', '--follow', '-b', at.bootstrapServers, '--topic', at.topic, '--group', at.groupId],
    ...['--members', String(plan.members), '--standby-replicas', plan.standbyReplicas],
    ...['--commit-interval', `${plan.commitIntervalMs}ms`, '--top', '1'],
    // A process may be started while no broker is up.
    ...['--timeout', `${settleTimeoutMs(at)}ms`],
    ...protocolFlags(plan.protocol, at.sessionTimeoutMs),
    ...at.clientFlags,
  ];
}
