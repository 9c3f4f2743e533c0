import { z } from 'zod';
import { traitsOf } from '../brokers/kafka-version.ts';
import { groupDefaults, type GroupConfig } from '../config/group.ts';
import { namedProtocols, protocolNames, type GroupProtocol, type ProtocolName } from '../config/group-protocols.ts';
import { namesOf } from '../config/names-of.ts';
import { faultOf, type FaultKind } from './faults/all-faults.ts';
import type { GroupLimits } from '../kafka/kafkajs/group-limits.ts';
import { planFaults, type PlannedFault } from './faults/schedule.ts';

export const stressModes = {
  liveness: 'at the end; the group must then make progress',
  safety: 'never; only safety is checked',
} as const;
export type StressMode = keyof typeof stressModes;

/**
 * True when a run ends without faults and settles. Only then must the group have counted every
 * record.
 */
export const comesToRest: Readonly<Record<StressMode, boolean>> = { liveness: true, safety: false };

/** What determines a run besides its faults. Histories keep these settings. */
export const runSettings = {
  seed: z.int(),
  durationMs: z.number().positive(),
  mode: z.enum(namesOf(stressModes)),
  protocol: z.enum(protocolNames),
  members: z.int().min(1),
  partitions: z.int().min(1),
  /** Records per second. */
  rate: z.number().positive(),
  /**
   * Session timeout of the classic protocol. Undefined: 3 s, or the shortest that the brokers
   * allow.
   */
  sessionTimeoutMs: z.number().positive().optional(),
};
type RunSettings = Readonly<z.infer<z.ZodObject<typeof runSettings>>>;

/** Everything that determines a run. The same plan gives the same faults at the same times. */
export interface RunPlan extends RunSettings {
  readonly faults: readonly PlannedFault[];
}

/** Settings that the seed decides when they are undefined; see `protocolOf` and `shapeOf`. */
type SeededSetting = 'protocol' | 'members' | 'partitions';

export interface RunPlanOptions extends Omit<RunSettings, SeededSetting> {
  readonly protocol: ProtocolName | undefined;
  readonly members: number | undefined;
  readonly partitions: number | undefined;
  readonly kinds: readonly FaultKind[];
  /** Protocols of the rotation. */
  readonly protocols?: readonly ProtocolName[];
}

/** Pure. */
export function planRun(options: RunPlanOptions): RunPlan {
  const { kinds, protocols = protocolNames, ...rest } = options;
  return {
    ...rest,
    ...shapeOf(options),
    protocol: options.protocol ?? protocolOf(options.seed, protocols),
    faults: planFaults({
      seed: options.seed,
      durationMs: options.durationMs,
      faults: kinds.map(faultOf),
      endless: !comesToRest[options.mode],
    }),
  };
}

/** The protocol of a seed, in rotation. */
export function protocolOf(seed: number, protocols: readonly ProtocolName[]): ProtocolName {
  return protocols[seed % protocols.length] ?? 'range';
}

/** Protocols whose groups a version of Kafka can run. */
export function possibleProtocols(kafkaVersion: string): readonly ProtocolName[] {
  const { groupProtocols } = traitsOf(kafkaVersion);
  return protocolNames.filter((name) => groupProtocols[namedProtocols[name].groupProtocol]);
}

/** A standby and one partition each, or several partitions each. */
export const shapes = [
  { members: 5, partitions: 4 },
  { members: 3, partitions: 8 },
] as const;

/**
 * The shape of a seed. Shapes alternate, so that any eight consecutive seeds pair each with every
 * protocol. Given numbers override the shape.
 */
export function shapeOf({
  seed,
  members,
  partitions,
}: Pick<RunPlanOptions, 'seed' | 'members' | 'partitions'>): Pick<RunPlan, 'members' | 'partitions'> {
  const isAsked = members !== undefined || partitions !== undefined;
  const alternating = (seed + Math.floor(seed / protocolNames.length)) % shapes.length;
  const shape = shapes[isAsked ? 0 : alternating] ?? shapes[0];
  return { members: members ?? shape.members, partitions: partitions ?? shape.partitions };
}

/** The supervisor ends members whose loop is blocked for this time. */
const watchdogMs = 2_000;
/**
 * max.poll.interval.ms of runs without a watchdog: the group does not wait long for a blocked
 * member.
 */
const unwatchedPollIntervalMs = 4_000;

/** The watchdog's limit; Infinity when a fault needs blocked members to resume. */
export function watchdogOf({ faults }: Pick<RunPlan, 'faults'>): number {
  return faults.some(({ kind }) => faultOf(kind).needsNoWatchdog === true) ? Infinity : watchdogMs;
}

/** The settings of the group. Pure. @param limits - limits of the brokers that the run uses */
export function plannedGroup(plan: RunPlan, groupId: string, limits: GroupLimits): GroupConfig {
  const protocol = namedProtocols[plan.protocol];
  const shortestMs = Math.max(groupDefaults.sessionTimeoutMs, limits.minSessionTimeoutMs);
  const classicMs = plan.sessionTimeoutMs ?? shortestMs;
  const pollMs = watchdogOf(plan) === Infinity ? unwatchedPollIntervalMs : groupDefaults.maxPollIntervalMs;
  const timeouts: Readonly<Record<GroupProtocol, Pick<GroupConfig, 'sessionTimeoutMs' | 'maxPollIntervalMs'>>> = {
    // The client rejects a poll interval below the session timeout of a classic group.
    classic: { sessionTimeoutMs: classicMs, maxPollIntervalMs: Math.max(pollMs, classicMs) },
    consumer: { sessionTimeoutMs: limits.consumerSessionTimeoutMs, maxPollIntervalMs: pollMs },
  };
  return {
    ...groupDefaults,
    groupId,
    ...protocol,
    ...timeouts[protocol.groupProtocol],
    commitIntervalMs: 200,
    // Small batches give more points at which a fault can strike.
    batchRecordsMax: 500,
    memoryMib: 64,
  };
}
