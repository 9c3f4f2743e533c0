import type { HistoryEvent } from '../history/event.ts';
import type { CheckResult } from '../verify/check.ts';
import { renderColumns } from './columns.ts';
import type { StressReport } from '../results/stress-report.ts';
import { counted, nounFor, whole } from '../numbers.ts';

/** Renders the result of a stress test or of its self-test, verdict first. */
export function renderStress(report: StressReport): string {
  if (report.control !== null) return renderSelfTest(report.control, report);
  return [
    renderVerdict(report),
    renderChecks(report),
    renderFaults(report),
    renderTakeovers(report),
    renderTotals(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderSelfTest(
  { schedules, found }: NonNullable<StressReport['control']>,
  { verdict, mutants }: StressReport,
): string {
  const caught = mutants.filter(({ caughtBy }) => caughtBy !== null).length;
  const control = found.length === 0 ? 'no check, as expected' : `FALSE ALARMS: ${found.length}`;
  const rows = [
    { name: 'none (the unchanged program)', by: control, schedules },
    ...mutants.map((mutant) => ({ ...mutant, by: mutant.caughtBy ?? 'NO CHECK' })),
  ];
  const table = renderColumns([
    { title: 'broken program', align: 'left', cells: rows.map(({ name }) => name) },
    { title: 'caught by', align: 'left', cells: rows.map(({ by }) => by) },
    { title: 'schedules', align: 'right', cells: rows.map((row) => whole(row.schedules)) },
  ]);
  const alarms = found.map((line) => `false alarm: ${line}`);
  return [`${verdict}: caught ${caught} of ${counted(mutants.length, 'broken program')}`, ...alarms, '', table].join(
    '\n',
  );
}

function renderVerdict({ verdict, runs, runsFailed, failedSeeds, errors, violationRateMax95 }: StressReport): string {
  // Up to three runs bound nothing.
  const bound =
    violationRateMax95 === null || violationRateMax95 >= 1
      ? ''
      : `; with 95 % confidence, fewer than ${percent(violationRateMax95)} of such runs have a violation`;
  const line = {
    passed: `passed: ${runs} of ${counted(runs, 'run')} without a violation${bound}`,
    interrupted: `interrupted: no violation in ${counted(runs, 'run')}${bound}`,
    failed: `failed: ${runsFailed} of ${counted(runs, 'run')}, ${nounFor(failedSeeds.length, 'seed')} ${failedSeeds.join(', ')}`,
    couldNotRun: `could not run: ${errors.length} of ${counted(runs + errors.length, 'run')} ended without a verdict`,
  }[verdict];
  return [line, ...errors.map((error) => `no verdict: ${error}`)].join('\n');
}

function renderChecks({ checks }: StressReport): string {
  if (checks.length === 0) return '';
  return renderColumns([
    { title: 'check', align: 'left', cells: checks.map(({ id, name }) => `${name} (${id})`) },
    { title: 'violations', align: 'right', cells: checks.map(({ violations }) => whole(violations)) },
  ]);
}

function renderFaults({ faults, protocols }: StressReport): string {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(' · ');
  if (Object.keys(protocols).length === 0) return '';
  return `faults: ${list(faults) || 'none'}\nruns by protocol: ${list(protocols)}`;
}

function renderTakeovers({ takeoverMs }: StressReport): string {
  const rows = Object.entries(takeoverMs).flatMap(([fault, byProtocol]) =>
    Object.entries(byProtocol).map(([protocol, figures]) => ({ fault, protocol, ...figures })),
  );
  if (rows.length === 0) return '';
  return renderColumns([
    { title: 'takeover after', align: 'left', cells: rows.map(({ fault }) => fault) },
    { title: 'protocol', align: 'left', cells: rows.map(({ protocol }) => protocol) },
    { title: 'count', align: 'right', cells: rows.map(({ count }) => whole(count)) },
    { title: 'p50 ms', align: 'right', cells: rows.map(({ p50 }) => whole(p50)) },
    { title: 'p99 ms', align: 'right', cells: rows.map(({ p99 }) => whole(p99)) },
    { title: 'max ms', align: 'right', cells: rows.map(({ max }) => whole(max)) },
  ]);
}

function renderTotals({ records, words, crashes, refused, runs }: StressReport): string {
  if (runs === 0) return '';
  const counts = `${counted(records, 'record')}, ${counted(words, 'word')} counted`;
  return `${counts}; members crashed ${counted(crashes, 'time')}; ${counted(refused, 'late write')} refused`;
}

/** Renders a failed check: its violations, and the events around the first one. */
export function renderViolations({ name, code, definition, violations, violationsTotal, around }: CheckResult): string {
  const more = violationsTotal > violations.length ? [`  and ${violationsTotal - violations.length} more`] : [];
  // Omit samples of readers, which are numerous, unless the readers' check failed.
  const shown = around.filter(({ type }) => type !== 'sampled' || name === 'readers');
  const zeroMs = shown[0]?.atMs ?? 0;
  return [
    `${name} (${code}): ${counted(violationsTotal, 'violation')} (${definition})`,
    ...violations.map(({ message }) => `  ${message}`),
    ...more,
    ...(shown.length === 0
      ? []
      : ['  events around the first one:', ...shown.map((event) => `    ${renderEvent(event, zeroMs)}`)]),
  ].join('\n');
}

function renderEvent({ ticket, atMs, type, ...rest }: HistoryEvent, zeroMs: number): string {
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`,
  );
  return `#${ticket} +${(atMs - zeroMs).toFixed(1)} ms ${type} ${fields.join(' ')}`;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value < 1 ? value.toFixed(2) : value.toFixed(0)} %`;
}
