import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';
import { largest } from '../../statistics/extremes.ts';
import { Admin } from './admin.ts';

/** Limits that the brokers set for groups. */
export interface GroupLimits {
  /** Shortest session that a member of a classic group may ask for. */
  readonly minSessionTimeoutMs: number;
  /**
   * How long the coordinator waits for more members after the first has joined an empty classic
   * group.
   */
  readonly initialDelayMs: number;
  /** Session timeout of every group of the `consumer` protocol. */
  readonly consumerSessionTimeoutMs: number;
}

/** Kafka's defaults, by broker setting. */
const settings = {
  minSessionTimeoutMs: ['group.min.session.timeout.ms', 6_000],
  initialDelayMs: ['group.initial.rebalance.delay.ms', 3_000],
  consumerSessionTimeoutMs: ['group.consumer.session.timeout.ms', 45_000],
} as const satisfies Record<keyof GroupLimits, readonly [name: string, defaultMs: number]>;

/** The mock cluster accepts any timeout, and joins are not delayed. */
const mockLimits: GroupLimits = { minSessionTimeoutMs: 0, initialDelayMs: 0, consumerSessionTimeoutMs: 3_000 };

/**
 * The largest values of all brokers. A user who may not describe brokers gets Kafka's defaults.
 * @throws ClusterError brokerUnavailable when no broker answers
 */
export async function readGroupLimits(connection: Connection, timeoutMs: number): Promise<GroupLimits> {
  if (connection.source === 'mock') return mockLimits;
  const brokers = Object.values(await describeBrokers(connection, timeoutMs));
  const of = ([name, defaultMs]: readonly [string, number]): number =>
    largest(brokers.length === 0 ? [defaultMs] : brokers.map((broker) => Number(broker[name] ?? defaultMs)));
  return {
    minSessionTimeoutMs: of(settings.minSessionTimeoutMs),
    initialDelayMs: of(settings.initialDelayMs),
    consumerSessionTimeoutMs: of(settings.consumerSessionTimeoutMs),
  };
}

async function describeBrokers(
  connection: Connection,
  timeoutMs: number,
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    return await admin.brokerSettings();
  } catch (error) {
    if (error instanceof ClusterError) return {};
    throw error;
  } finally {
    await admin.close();
  }
}
