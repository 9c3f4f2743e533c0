import type { GroupConfig } from './group.ts';

/** Time for the rebalance, fetching and the first batch, on a machine with other work to do. */
const rebalanceMs = 5_000;
/**
 * New members extend the coordinator's initial delay: once for those that it waits for, once for
 * those that join during the delay.
 */
const initialDelaysMax = 3;
/** Longest time until a group has settled, in addition to the takeover from a member that died. */
const restMs = 50_000;

/**
 * Longest allowed takeover, by what happened to the owner, derived from the settings alone.
 * @param initialDelayMs - group.initial.rebalance.delay.ms of the brokers, which delays the first
 *   join of an empty group
 */
export function takeoverBounds(
  { sessionTimeoutMs }: Pick<GroupConfig, 'sessionTimeoutMs'>,
  watchdogMs: number,
  initialDelayMs = 0,
): { readonly leaveMs: number; readonly deathMs: number; readonly stuckMs: number } {
  // The client sends at least three heartbeats per session timeout, and learns of a rebalance from
  // their responses.
  const heartbeatMs = sessionTimeoutMs / 3;
  const joinMs = rebalanceMs + initialDelaysMax * initialDelayMs;
  const deathMs = sessionTimeoutMs + heartbeatMs + joinMs;
  return { leaveMs: 2 * heartbeatMs + joinMs, deathMs, stuckMs: watchdogMs * 1.25 + deathMs };
}

/**
 * The bounds of a group's checks.
 * @param how.silenceMs - how much longer than a takeover records may stay uncounted without a
 *   reported reason
 */
export function timeBounds(
  group: Pick<GroupConfig, 'sessionTimeoutMs'>,
  watchdogMs: number,
  how: { readonly initialDelayMs: number; readonly silenceMs: number },
): { readonly bounds: ReturnType<typeof takeoverBounds>; readonly silenceMs: number } {
  const bounds = takeoverBounds(group, watchdogMs, how.initialDelayMs);
  return { bounds, silenceMs: bounds.deathMs + how.silenceMs };
}

/** Longest wait until a group has settled, even if a member's session has to expire first. */
export function settleTimeoutMs(group: Pick<GroupConfig, 'sessionTimeoutMs'>): number {
  return restMs + takeoverBounds(group, 0).deathMs;
}
