import { renderColumns } from '../../src/report/columns.ts';
import { largest } from '../../src/statistics/extremes.ts';
import { quantile, samplesOf } from '../../src/statistics/statistics.ts';
import type { GroupOutcome } from './run-groups.ts';
import { causes, type Cause } from './takeovers.ts';

/** p99 goals: session timeout of 3 s and 1.5 s; a graceful end has no session to wait for. */
const goalsMs: Readonly<Partial<Record<Cause, number>>> = { 'kill -9': 4_500, SIGSTOP: 4_500, SIGTERM: 1_500 };

interface Row {
  readonly protocol: string;
  readonly cause: Cause;
  readonly failures: number;
  readonly gapsMs: readonly number[];
}

/** The seed, what happened by protocol and cause, and all anomalies. */
export function renderOutcomes(seed: number, outcomes: readonly GroupOutcome[]): string {
  const rows = outcomes.flatMap((outcome) => causes.map((cause) => rowOf([outcome], outcome.protocol, cause)));
  const all = causes.map((cause) => rowOf(outcomes, 'all', cause));
  const commits = outcomes.reduce((sum, outcome) => sum + outcome.commits, 0);
  const kills = outcomes.reduce((sum, { takeovers }) => sum + takeovers.kills, 0);
  const anomalies = outcomes.flatMap((outcome) => outcome.anomalies);
  return [
    `seed ${seed}: ${kills} processes killed, ${commits} commits of partitions`,
    renderRows([...rows, ...(outcomes.length > 1 ? all : [])].filter(({ failures }) => failures > 0)),
    ...complaintLines(outcomes),
    anomalies.length === 0
      ? 'exact: counts, progress and committed offsets are those of the input'
      : `${anomalies.length} anomalies:\n${anomalies.slice(0, 100).join('\n')}`,
  ].join('\n');
}

function rowOf(outcomes: readonly GroupOutcome[], protocol: string, cause: Cause): Row {
  return {
    protocol,
    cause,
    failures: outcomes.reduce((sum, { takeovers }) => sum + (takeovers.counts.get(cause) ?? 0), 0),
    gapsMs: outcomes
      .flatMap(({ takeovers }) => takeovers.gaps.filter((gap) => gap.cause === cause))
      .map(({ ms }) => ms),
  };
}

function renderRows(rows: readonly Row[]): string {
  const figure = (of: (sorted: readonly number[]) => number): string[] =>
    rows.map(({ gapsMs }) => (gapsMs.length === 0 ? '' : of(gapsMs).toFixed(0)));
  return renderColumns([
    { title: 'protocol', align: 'left', cells: rows.map(({ protocol }) => protocol) },
    { title: 'cause', align: 'left', cells: rows.map(({ cause }) => cause) },
    { title: 'failures', align: 'right', cells: rows.map(({ failures }) => String(failures)) },
    { title: 'gaps', align: 'right', cells: rows.map(({ gapsMs }) => String(gapsMs.length)) },
    { title: 'p50 ms', align: 'right', cells: figure((gapsMs) => quantile(samplesOf(gapsMs), 0.5)) },
    { title: 'p99 ms', align: 'right', cells: figure((gapsMs) => quantile(samplesOf(gapsMs), 0.99)) },
    { title: 'max ms', align: 'right', cells: figure((gapsMs) => largest(gapsMs)) },
    { title: 'goal for p99', align: 'right', cells: rows.map(({ cause }) => String(goalsMs[cause] ?? '')) },
  ]);
}

/** What the processes have printed about trouble, with numbers replaced so that equal lines are counted. */
function complaintLines(outcomes: readonly GroupOutcome[]): string[] {
  const counts = new Map<string, number>();
  for (const complaint of outcomes.flatMap(({ complaints }) => complaints)) {
    const kind = complaint.replace(/\d+/g, 'N');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort(([, left], [, right]) => right - left).map(([kind, count]) => `${count} times: ${kind}`);
}
