import { randomUUID } from 'node:crypto';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import { renderRun } from '../report/bench-text.ts';
import type { RunReport } from '../report/schema.ts';
import type { BenchTopic, BenchProgress } from './bench-topic.ts';
import type { PlannedRun } from './plan.ts';
import { runOnce } from './run-once.ts';

export interface RunAllOptions {
  readonly plan: readonly PlannedRun[];
  readonly topic: BenchTopic;
  readonly connection: Connection;
  readonly group: Omit<GroupConfig, 'groupId' | 'workUs'>;
  readonly brokerPids: readonly number[];
}

export interface RunsMade {
  /** In the order of the plan; fewer than planned when `error` ended them. */
  readonly runs: readonly RunReport[];
  /** Of every run that was begun. */
  readonly groupIds: readonly string[];
  /** What ended them early: a failure, or the signal's reason. */
  readonly error: unknown;
}

/** Makes the runs of a plan one after the other. An error ends them, and is told with the runs made until then. */
export async function runAll(options: RunAllOptions, progress: BenchProgress): Promise<RunsMade> {
  const { plan, topic, connection, group, brokerPids } = options;
  const runs: RunReport[] = [];
  const groupIds: string[] = [];
  const digits = String(plan.length).length;
  for (const [index, run] of plan.entries()) {
    const target = topic.targets.get(run.lane);
    if (target === undefined) throw new Error(`lane ${run.lane} has no target`);
    const place = `[${String(index + 1).padStart(digits)}/${plan.length}]`;
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
          progress.log(text);
        },
      });
      runs.push(report);
      progress.log(`${place} ${renderRun(report)}`);
    } catch (error) {
      return { runs, groupIds, error };
    }
  }
  return { runs, groupIds, error: undefined };
}
