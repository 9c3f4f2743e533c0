import { renderTimeline } from '../report/stress-timeline.ts';
import { renderViolations } from '../report/stress-text.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { RunOutcome } from '../stress/run-outcome.ts';
import type { MutantResult } from '../stress/self-test.ts';
import type { FaultMix } from '../stress/self-test-schedule.ts';
import type { FailedRun } from '../stress/stress-runs.ts';
import type { CommandContext } from './context.ts';

/**
 * A line on a run that is over, and all there is to tell when it has found something.
 * @param how.alone - the only run: with its timeline whatever it came to
 */
export function tellRun(
  run: RunOutcome | FailedRun,
  { alone }: { readonly alone: boolean },
  context: CommandContext,
): void {
  const { seed, protocol } = run.plan;
  if ('error' in run) {
    context.warn(`seed ${seed}, ${protocol}: no verdict: ${run.error.message}`);
    return;
  }
  const bad = run.checks.filter(({ violationsTotal }) => violationsTotal > 0);
  const verdict = bad.length === 0 ? 'no violation' : `violated: ${bad.map(({ id }) => id).join(', ')}`;
  const seconds = (run.durationMs / 1_000).toFixed(1);
  context.log(
    `seed ${seed}, ${protocol}: ${verdict}; ${run.faults.length} faults, ${run.records} records, ${seconds} s`,
  );
  if (bad.length > 0 || alone) {
    context.result(renderTimeline({ ...run.throughput, faults: run.faults }));
    for (const check of bad) context.result(`\n${renderViolations(check)}`);
    if (bad.length > 0) context.result(`\nagain: consumer-cluster stress --replay ${run.historyFile ?? ''}`);
    context.result('');
  }
}

/** A line on a schedule of a self-test under the right program, and all that was found in it. */
export function tellControl(
  { faults, protocol, runs }: FaultMix,
  found: readonly string[],
  context: CommandContext,
): void {
  const several = runs === undefined ? [] : [`${runs} runs`];
  const mix = [faults?.join(',') ?? 'mixture', ...(protocol === undefined ? [] : [protocol]), ...several].join(', ');
  context.log(`the right program (${mix}): ${found.length === 0 ? 'nothing found' : 'FALSE ALARM'}`);
  for (const line of found) context.log(`  ${line}`);
}

/** A line on a broken program, and all that was found in it, also by checks that do not judge what it does wrong. */
export function tellMutant(
  { caughtBy, schedules }: MutantResult,
  { name, breaks }: Mutant,
  found: readonly string[],
  context: CommandContext,
): void {
  const how = caughtBy === null ? 'SURVIVED' : `caught by ${caughtBy}`;
  context.log(`${name}: ${how}, ${schedules} schedules (${breaks})`);
  for (const line of found) context.log(`  ${line}`);
}
