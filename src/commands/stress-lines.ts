import { renderTimeline } from '../report/stress-timeline.ts';
import { renderViolations } from '../report/stress-text.ts';
import { largest } from '../statistics/extremes.ts';
import type { Fault } from '../stress/faults/fault.ts';
import type { Mutant } from '../stress/mutants/mutant.ts';
import type { RunIdentity, RunOutcome } from '../stress/run-outcome.ts';
import { mixName, type MutantResult } from '../stress/self-test.ts';
import type { FaultMix } from '../stress/self-test-schedule.ts';
import type { FailedRun } from '../stress/stress-runs.ts';
import type { CommandContext } from './context.ts';
import { counted } from '../numbers.ts';

/** The kinds of faults, for --help. */
export function faultHelp(faults: readonly Pick<Fault, 'kind' | 'does'>[]): string {
  const width = largest(faults.map(({ kind }) => kind.length));
  return faults.map(({ kind, does }) => `  ${kind.padEnd(width)}  ${does}`).join('\n');
}

/**
 * Prints a line about a finished run; with a violation also its timeline and details.
 * @param how.alone - the only run: its timeline is printed in any case
 * @param how.repeat - flags of `stress` that repeat a run
 */
export function printRun<Plan extends RunIdentity>(
  run: RunOutcome<Plan> | FailedRun<Plan>,
  { alone, repeat }: { readonly alone: boolean; readonly repeat: (run: RunOutcome<Plan>) => string },
  context: CommandContext,
): void {
  const { seed, protocol } = run.plan;
  if ('error' in run) {
    context.warn(`seed ${seed}, ${protocol}: no verdict: ${run.error.message}`);
    return;
  }
  const bad = run.checks.filter(({ violationsTotal }) => violationsTotal > 0);
  const verdict = bad.length === 0 ? 'no violation' : `violated: ${bad.map(({ name }) => name).join(', ')}`;
  const seconds = (run.durationMs / 1_000).toFixed(1);
  context.log(
    `seed ${seed}, ${protocol}: ${verdict}; ${counted(run.faults.length, 'fault')}, ${counted(run.records, 'record')}, ${seconds} s`,
  );
  if (bad.length > 0 || alone) {
    context.result(renderTimeline({ ...run.throughput, faults: run.faults }));
    for (const check of bad) context.result(`\n${renderViolations(check)}`);
    if (bad.length > 0) context.result(`\nrepeat: consumer-cluster stress ${repeat(run)}`);
    context.result('');
  }
}

/** Prints a line about a schedule of the correct program in a self-test, and its violations. */
export function printControl(schedule: FaultMix, found: readonly string[], context: CommandContext): void {
  const { protocol, runs } = schedule;
  const several = runs === undefined ? [] : [counted(runs, 'run')];
  const mix = [mixName(schedule), ...(protocol === undefined ? [] : [protocol]), ...several].join(', ');
  context.log(`correct program (${mix}): ${found.length === 0 ? 'no violation' : 'FALSE ALARM'}`);
  for (const line of found) context.log(`  ${line}`);
}

/** Prints a line about a broken program, and the violations of all checks. */
export function printMutant(
  { caughtBy, schedules }: MutantResult,
  { name, breaks }: Mutant,
  found: readonly string[],
  context: CommandContext,
): void {
  const how = caughtBy === null ? 'SURVIVED' : `caught by ${caughtBy}`;
  context.log(`${name}: ${how}, ${counted(schedules, 'schedule')} (${breaks})`);
  for (const line of found) context.log(`  ${line}`);
}
