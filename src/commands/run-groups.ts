import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { readGroupLimits } from '../kafka/group-limits.ts';
import type { ScenarioGroup } from '../scenario/scenario-options.ts';
import { groupConfig } from './group-config.ts';
import type { ConnectionOptions, GroupOptions } from './shared-options.ts';

export interface RunGroupOptions extends GroupOptions, Pick<ConnectionOptions, 'timeout'> {
  readonly membersA: number;
  readonly membersB: number;
  readonly standby: number;
  readonly workUs: number;
}

/** Groups A and B of a run, and what the brokers make of them. */
export interface RunGroups {
  readonly groups: readonly ScenarioGroup[];
  readonly groupIds: readonly string[];
  /** Longest wait for them to come to rest. */
  readonly settleMs: number;
  readonly initialDelayMs: number;
}

/** @throws WordcountError brokerUnavailable when no broker answers */
export async function runGroups(options: RunGroupOptions, connection: Connection): Promise<RunGroups> {
  const { initialDelayMs, consumerSessionTimeoutMs } = await readGroupLimits(connection, options.timeout);
  const id = randomUUID().slice(0, 8);
  const [a, b] = [`a-${id}`, `b-${id}`];
  const config = groupConfig(options, connection.source, { groupId: a });
  // Under the `consumer` protocol the brokers decide on the session timeout.
  const shared =
    config.groupProtocol === 'consumer' ? { ...config, sessionTimeoutMs: consumerSessionTimeoutMs } : config;
  const { membersA, membersB, standby, workUs } = options;
  return {
    groups: [
      { name: 'A', members: membersA, config: shared },
      { name: 'B', members: membersB + standby, config: { ...shared, groupId: b, workUs } },
    ],
    groupIds: [a, b],
    settleMs: settleTimeoutMs(shared),
    initialDelayMs,
  };
}
