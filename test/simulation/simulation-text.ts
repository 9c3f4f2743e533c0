import { largest } from '../../src/statistics/extremes.ts';
import type { DurableSimulationReport } from './durable/run-durable.ts';
import type { SimulationReport } from './run-simulation.ts';
import type { SelfTestReport } from './self-test.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Verdict first. */
export function simulationText(report: SimulationReport): string {
  const { seed, schedules, crashPoints, interleavings, violation } = report;
  const verdict = violation === undefined ? '0 violations' : `violated: ${violation.check}: ${violation.message}`;
  const lines = [`${verdict}${report.partial ? ' (interrupted)' : ''}`];
  if (violation?.schedule !== undefined) lines.push(`again: npm run sim -- --replay '${seed}:${violation.schedule}'`);
  if (crashPoints !== undefined) {
    const { points, writes } = crashPoints;
    lines.push(
      `crash points: a member killed before each of ${number(points)} shared accesses, ${number(writes)} of them writes`,
    );
  }
  if (interleavings !== undefined) lines.push(`interleavings of two threads: ${number(interleavings)}`);
  lines.push(
    `schedules: ${number(schedules)} of seed ${seed}, ${number(report.accesses)} shared accesses, ${number(report.kills)} kills, ` +
      `${number(report.fences)} tables fenced, ${number(report.snapshots)} snapshots`,
    `${report.seconds.toFixed(1)} s, ${number(report.schedulesPerSecond)} schedules/s`,
  );
  return lines.join('\n');
}

/** Verdict first. */
export function durableText(report: DurableSimulationReport, seed: number): string {
  const { schedules, commits, aborts, kills, crashPoints, violation } = report;
  const verdict = violation === undefined ? '0 violations' : `violated: ${violation.check}: ${violation.message}`;
  const lines = [`durable group: ${verdict}${report.partial ? ' (interrupted)' : ''}`];
  if (violation?.schedule !== undefined) {
    lines.push(`again: npm run sim -- --replay 'durable:${seed}:${violation.schedule}'`);
  }
  if (crashPoints !== undefined) {
    const { runs, steps } = crashPoints;
    lines.push(
      `crash points: ${number(runs)} runs, in each of which a thread or process ends; ${steps} kinds of steps`,
    );
  }
  lines.push(
    `schedules: ${number(schedules)} of seed ${seed}, ${number(commits)} transactions committed, ${number(aborts)} aborted, ` +
      `${number(kills)} kills`,
    `${report.seconds.toFixed(1)} s`,
  );
  return lines.join('\n');
}

/** A line a mutant: name, check that caught it, schedules needed. */
export function mutantsText({ seed, schedulesMax, mutants }: SelfTestReport): string {
  const caught = mutants.filter(({ caughtBy }) => caughtBy !== undefined).length;
  const width = largest(mutants.map(({ name }) => name.length));
  const lines = mutants.map(
    ({ name, caughtBy, schedules }) =>
      `${name.padEnd(width)}  ${(caughtBy ?? 'SURVIVED').padEnd(9)}  ${number(schedules).padStart(6)}`,
  );
  return [
    `caught: ${caught} of ${mutants.length} mutants, seed ${seed}, ${number(schedulesMax)} schedules at most`,
    ...lines,
  ].join('\n');
}
