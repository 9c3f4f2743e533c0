import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { RunReport } from '../results/report-parts.ts';
import type { BenchTopic, BenchProgress } from './bench-topic.ts';
import type { PlannedRun } from './plan.ts';
import { runLine } from './run-line.ts';
import { runOnce } from './run-once.ts';

export interface RunAllOptions {
  readonly plan: readonly PlannedRun[];
  /** Called when all planned runs are made; returns further runs, or none to finish. */
  readonly extend?: (runs: readonly RunReport[]) => readonly PlannedRun[];
  readonly topic: BenchTopic;
  readonly connection: Connection;
  readonly group: Omit<GroupConfig, 'groupId' | 'workUs'>;
  readonly brokerPids: readonly number[];
}

export interface RunsMade {
  /** In the order of the plan; fewer than planned when `error` is defined. */
  readonly runs: readonly RunReport[];
  readonly runsPlanned: number;
  /** Groups of every run that was started. */
  readonly groupIds: readonly string[];
  /** The error that ended the runs early: a failure, or the signal's reason. */
  readonly error: unknown;
}

/**
 * Makes the runs of a plan one after the other. An error ends the plan; the result contains it and
 * the runs made until then.
 */
export async function runAll(options: RunAllOptions, progress: BenchProgress): Promise<RunsMade> {
  const { topic, connection, group, brokerPids, extend } = options;
  const plan = [...options.plan];
  const runs: RunReport[] = [];
  const groupIds: string[] = [];
  // `extend` appends to the plan during this iteration.
  for (const run of plan) {
    const target = topic.targets.get(run.lane);
    if (target === undefined) throw new Error(`lane ${run.lane} has no topic range`);
    const place = `[${String(runs.length + 1).padStart(String(plan.length).length)}/${plan.length}]`;
    progress.live(`${place} ${run.lane}, members: ${run.members} …`);
    const groupId = `bench-${randomUUID().slice(0, 8)}`;
    groupIds.push(groupId);
    try {
      progress.signal.throwIfAborted();
      const report = await runOnce({
        run,
        target,
        topic: topic.topic,
        connection,
        group: { ...group, groupId, workUs: target.workUs },
        brokerPids,
        signal: progress.signal,
        onNotice: (text) => {
          progress.notice(text);
        },
      });
      runs.push(report);
      progress.log(`${place} ${runLine(report)}`);
    } catch (error) {
      return { runs, runsPlanned: plan.length, groupIds, error };
    }
    if (runs.length === plan.length) for (const more of extend?.(runs) ?? []) plan.push(more);
  }
  return { runs, runsPlanned: plan.length, groupIds, error: undefined };
}
