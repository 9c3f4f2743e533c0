import { groupDefaults, type GroupConfig } from '../config/group.ts';
import type { FaultKind } from '../faults/kinds.ts';
import { planFaults, type PlannedFault } from '../faults/schedule.ts';

/** Kafka's group protocols by one name: three assignors of the classic one, and the broker-side one of KIP-848. */
export const protocolNames = ['range', 'roundrobin', 'cooperative-sticky', 'consumer'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** `liveness` heals at the end and then asks for progress; under `safety` faults never stop, and nothing is asked but safety. */
export const stressModes = ['liveness', 'safety'] as const;
export type StressMode = (typeof stressModes)[number];

/** All that makes a run what it is. The same plan gives the same faults at the same times. */
export interface RunPlan {
  readonly seed: number;
  readonly durationMs: number;
  readonly mode: StressMode;
  readonly protocol: ProtocolName;
  readonly members: number;
  readonly partitions: number;
  /** Records a second. */
  readonly rate: number;
  readonly faults: readonly PlannedFault[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly mode: StressMode;
  /** Undefined rotates with the seed. */
  readonly protocol: ProtocolName | undefined;
  readonly members: number;
  readonly partitions: number;
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
}

/** Pure. */
export function planRun(options: PlanOptions): RunPlan {
  const { kinds, ...rest } = options;
  return {
    ...rest,
    protocol: options.protocol ?? protocolOf(options.seed),
    faults: planFaults({
      seed: options.seed,
      durationMs: options.durationMs,
      kinds,
      endless: options.mode === 'safety',
    }),
  };
}

/** In rotation. */
export function protocolOf(seed: number): ProtocolName {
  return protocolNames[seed % protocolNames.length] ?? 'range';
}

/** Members whose loop stands still this long are ended. */
const watchdogMs = 2_000;
const zombiePollIntervalMs = 4_000;

/** Zombies must be allowed to wake: no watchdog then, and a group that does not wait for them for long. */
export function watchdogOf({ faults }: Pick<RunPlan, 'faults'>): number {
  return faults.some(({ kind }) => kind === 'zombie') ? Infinity : watchdogMs;
}

export function groupOf(plan: RunPlan, groupId: string): GroupConfig {
  const { protocol } = plan;
  return {
    ...groupDefaults,
    groupId,
    groupProtocol: protocol === 'consumer' ? 'consumer' : 'classic',
    assignmentStrategy: protocol === 'consumer' ? 'range' : protocol,
    maxPollIntervalMs: watchdogOf(plan) === Infinity ? zombiePollIntervalMs : groupDefaults.maxPollIntervalMs,
    commitIntervalMs: 200,
    // Small batches: more of them, so more moments at which a fault can strike.
    batchRecordsMax: 500,
    memoryMib: 64,
  };
}
