import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import { groupProtocols } from '../config/group-protocols.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { readGroupLimits } from '../kafka/kafkajs/group-limits.ts';
import type { LiveGroup } from '../live-run/live-groups-options.ts';
import { groupConfig } from '../config/group-config.ts';
import type { RunFlags } from './run-options.ts';

/** Groups A and B of a run, with the limits that the brokers set. */
export interface RunGroups {
  readonly groups: readonly LiveGroup[];
  readonly groupIds: readonly string[];
  /** Longest wait until all members have joined. */
  readonly settleMs: number;
  readonly initialDelayMs: number;
}

/** @throws ClusterError brokerUnavailable when no broker responds */
export async function runGroups(flags: RunFlags, connection: Connection): Promise<RunGroups> {
  const { initialDelayMs, consumerSessionTimeoutMs } = await readGroupLimits(connection, flags.timeout);
  const id = randomUUID().slice(0, 8);
  const [a, b] = [`a-${id}`, `b-${id}`];
  const config = groupConfig(flags, connection.source, { groupId: a });
  const sessionTimeoutMs = groupProtocols[config.groupProtocol].brokersDecide
    ? consumerSessionTimeoutMs
    : config.sessionTimeoutMs;
  const shared = { ...config, sessionTimeoutMs };
  const { membersA, membersB, standby, workUs } = flags;
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
