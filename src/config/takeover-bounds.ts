import type { GroupConfig } from './group.ts';

/** Rebalance, fetching and the first batch, on a machine that has other things to do as well. */
const rebalanceMs = 5_000;
/** New members extend the coordinator's initial delay: once for those that it waits for, once for those that join meanwhile. */
const initialDelaysMax = 3;
/** Longest that a group may take to come to rest, beyond the takeover from a member that died. */
const restMs = 50_000;

/**
 * Longest allowed takeover, by what became of the owner: from the settings alone, without anyone's help.
 * @param initialDelayMs - group.initial.rebalance.delay.ms of the brokers, which delays the first join of an empty group
 */
export function takeoverBounds(
  { sessionTimeoutMs }: Pick<GroupConfig, 'sessionTimeoutMs'>,
  watchdogMs: number,
  initialDelayMs = 0,
): { readonly leaveMs: number; readonly deathMs: number; readonly stuckMs: number } {
  // The client heartbeats at least three times within the session timeout, and learns of a rebalance with a heartbeat.
  const heartbeatMs = sessionTimeoutMs / 3;
  const joinMs = rebalanceMs + initialDelaysMax * initialDelayMs;
  const deathMs = sessionTimeoutMs + heartbeatMs + joinMs;
  return { leaveMs: 2 * heartbeatMs + joinMs, deathMs, stuckMs: watchdogMs * 1.25 + deathMs };
}

/**
 * The bounds of a group's checks.
 * @param how.silenceMs - how much longer than a takeover from a dead member records may lie uncounted without a reported reason
 */
export function timeBounds(
  group: Pick<GroupConfig, 'sessionTimeoutMs'>,
  watchdogMs: number,
  how: { readonly initialDelayMs: number; readonly silenceMs: number },
): { readonly bounds: ReturnType<typeof takeoverBounds>; readonly silenceMs: number } {
  const bounds = takeoverBounds(group, watchdogMs, how.initialDelayMs);
  return { bounds, silenceMs: bounds.deathMs + how.silenceMs };
}

/** Longest wait for a group to come to rest: a member may have died in silence just before. */
export function settleTimeoutMs(group: Pick<GroupConfig, 'sessionTimeoutMs'>): number {
  return restMs + takeoverBounds(group, 0).deathMs;
}
