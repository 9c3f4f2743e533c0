import type { GroupConfig } from './group.ts';

/** Rebalance, fetching and the first batch, on a machine that has other things to do as well. */
const rebalanceMs = 5_000;

/** How long a takeover may take at most, by what became of the owner: from the settings alone, with nobody's help. */
export function takeoverBounds(
  { sessionTimeoutMs }: Pick<GroupConfig, 'sessionTimeoutMs'>,
  watchdogMs: number,
): { readonly leaveMs: number; readonly deathMs: number; readonly stuckMs: number } {
  // The client heartbeats three times within the session timeout, and hears of a rebalance with a heartbeat.
  const heartbeatMs = sessionTimeoutMs / 3;
  const deathMs = sessionTimeoutMs + heartbeatMs + rebalanceMs;
  return { leaveMs: 2 * heartbeatMs + rebalanceMs, deathMs, stuckMs: watchdogMs * 1.25 + deathMs };
}
