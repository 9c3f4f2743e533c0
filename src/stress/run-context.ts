import { commitAnswerMsMax } from '../config/consumer-properties.ts';
import type { GroupConfig } from '../config/group.ts';
import { takeoverBounds } from '../config/takeover-bounds.ts';
import type { CheckContext } from '../verify/check.ts';
import { watchdogOf, type RunPlan } from './run-plan.ts';

/** V11: longest time that records may lie there with nobody counting them, or saying why not. */
const silenceMs = 15_000;

/** What the checks hold a run against, from its settings alone. */
export function runContext(plan: RunPlan, group: GroupConfig): CheckContext {
  const watchdogMs = watchdogOf(plan);
  return {
    group: group.groupId,
    beginOffsets: Array.from({ length: plan.partitions }, () => 0),
    bounds: takeoverBounds(group, Number.isFinite(watchdogMs) ? watchdogMs : group.maxPollIntervalMs),
    silenceMs,
    commitAnswerMs: commitAnswerMsMax,
  };
}
