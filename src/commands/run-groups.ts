import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import { groupProtocols } from '../config/group-protocols.ts';
import { settleTimeoutMs } from '../config/takeover-bounds.ts';
import { readGroupLimits } from '../kafka/kafkajs/group-limits.ts';
import type { LiveGroup } from '../live-run/live-groups-options.ts';
import { groupConfig } from '../config/group-config.ts';
import { durableConfig } from './options/durable-options.ts';
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
  const { a, b } = groupIds(flags);
  const config = groupConfig(flags, connection.source, { groupId: a });
  const sessionTimeoutMs = groupProtocols[config.groupProtocol].brokersDecide
    ? consumerSessionTimeoutMs
    : config.sessionTimeoutMs;
  const shared = { ...config, sessionTimeoutMs };
  const { membersA, membersB, standby, workUs } = flags;
  return {
    groups: [
      { name: 'A', members: membersA, config: { ...shared, ...durable(flags, a, 'a') } },
      { name: 'B', members: membersB + standby, config: { ...shared, ...durable(flags, b, 'b'), groupId: b, workUs } },
    ],
    groupIds: [a, b],
    settleMs: settleTimeoutMs(shared),
    initialDelayMs,
  };
}

/** Durable groups persist and are joined by their names; others are new and are deleted afterwards. */
function groupIds({ durable, group = '' }: RunFlags): { readonly a: string; readonly b: string } {
  if (durable) return { a: `${group}-a`, b: `${group}-b` };
  const id = randomUUID().slice(0, 8);
  return { a: `a-${id}`, b: `b-${id}` };
}

function durable(flags: RunFlags, groupId: string, name: 'a' | 'b'): ReturnType<typeof durableConfig> {
  const { changelogTopic } = flags;
  const own = changelogTopic === undefined ? flags : { ...flags, changelogTopic: `${changelogTopic}-${name}` };
  return durableConfig(own, groupId);
}
