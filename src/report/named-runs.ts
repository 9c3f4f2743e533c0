import type { NamedRun } from '../benchmark/experiments/experiment.ts';
import { counted } from '../results/numbers.ts';
import type { RunReport } from '../results/report-parts.ts';
import type { BenchReport } from '../results/schema.ts';
import { sectionsIn } from '../results/report-sections.ts';

/** The runs of a lane or of an experiment. */
export interface RunGroup {
  readonly id: string;
  readonly runs: readonly NamedRun[];
}

/** Pure: every run of a report, warm-ups included. */
export function runGroupsOf(report: BenchReport): RunGroup[] {
  const lanes = [...new Set(report.runs.map(({ lane }) => lane))];
  return [
    ...lanes.map((id) => ({ id, runs: report.runs.filter(({ lane }) => lane === id).map(nameRun) })),
    ...sectionsIn(report).map(({ experiment, section }) => ({ id: experiment.id, runs: experiment.runs(section) })),
  ];
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

function nameRun({ members, repetition, warmUp, durationMs, verified, differences }: RunReport): NamedRun {
  const place = warmUp && repetition === 0 ? 'warm-up' : `repetition ${repetition}`;
  return { name: `${counted(members, 'member')}, ${place}`, seconds: durationMs / 1_000, verified, differences };
}
