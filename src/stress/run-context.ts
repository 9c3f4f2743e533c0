import { commitAnswerMsMax } from '../config/consumer-properties.ts';
import type { GroupConfig } from '../config/group.ts';
import { timeBounds } from '../config/takeover-bounds.ts';
import type { GroupLimits } from '../kafka/kafkajs/group-limits.ts';
import type { CheckContext } from '../verify/check.ts';
import { watchdogOf, type RunPlan } from './run-plan.ts';

/**
 * Check `liveness-under-fault`: how much longer than a takeover records may stay uncounted without
 * a reported reason.
 */
const silenceMs = 6_000;

/** The bounds of the checks, derived from a run's settings alone. */
export function runContext(plan: RunPlan, group: GroupConfig, { initialDelayMs }: GroupLimits): CheckContext {
  const watchdogMs = watchdogOf(plan);
  const untilStuckMs = Number.isFinite(watchdogMs) ? watchdogMs : group.maxPollIntervalMs;
  return {
    group: group.groupId,
    beginOffsets: Array.from({ length: plan.partitions }, () => 0),
    ...timeBounds(group, untilStuckMs, { initialDelayMs, silenceMs }),
    commitAnswerMs: commitAnswerMsMax,
  };
}
