import type { NamedRun } from '../benchmark/experiments/experiment.ts';
import type { BenchReport } from '../results/schema.ts';
import { sectionsIn } from '../results/report-sections.ts';

/** The runs of a lane or of an experiment. */
export interface RunGroup {
  readonly id: string;
  readonly runs: readonly NamedRun[];
}

/** Pure: every run of a report, warm-ups included. */
export function runGroupsOf(report: BenchReport): RunGroup[] {
  const groups = new Map<string, NamedRun[]>();
  for (const { experiment, section } of sectionsIn(report)) {
    for (const run of experiment.runs(section)) {
      const id = run.group ?? experiment.id;
      groups.set(id, [...(groups.get(id) ?? []), run]);
    }
  }
  return [...groups].map(([id, runs]) => ({ id, runs }));
}

/** A run with wrong counts, as text reports show it. */
export interface Failure {
  readonly title: string;
  readonly differences: readonly string[];
}

/** Pure: every run with wrong counts. */
export function failuresOf(report: BenchReport): Failure[] {
  return runGroupsOf(report).flatMap(({ id, runs }) =>
    runs
      .filter(({ verified }) => !verified)
      .map(({ name, differences = [] }) => ({
        title: `${id}, ${name}: counts differ from the reference`,
        differences,
      })),
  );
}
