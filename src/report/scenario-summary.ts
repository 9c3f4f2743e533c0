import type { CheckResult } from '../verify/check.ts';
import { renderViolations } from './stress-text.ts';
import { counted } from '../numbers.ts';

/** Result of one group of the scenario. */
export interface GroupOutcome {
  readonly name: string;
  readonly records: number;
  readonly words: number;
  /** Number of words whose count differs from the reference; 0 when all are equal. */
  readonly differing: number;
  readonly crashes: number;
  readonly refused: number;
  /** Results of the checks on the recorded history; empty when no history was recorded. */
  readonly checks: readonly CheckResult[];
}

export interface ScenarioOutcome {
  readonly produced: number;
  readonly durationMs: number;
  readonly brokers: string;
  readonly groups: readonly GroupOutcome[];
}

/** Pure: renders the result of a run, verdict first. */
export function renderScenario(outcome: ScenarioOutcome): string {
  const wrong = outcome.groups.filter(({ differing }) => differing > 0);
  const verdict =
    wrong.length === 0
      ? `verified: every word of ${outcome.groups.map(({ name }) => name).join(' and ')} equals the reference`
      : `WRONG: counts differ from the reference: ${wrong.map(({ name, differing }) => `${counted(differing, 'word')} of ${name}`).join(', ')}`;
  const seconds = (outcome.durationMs / 1_000).toFixed(1);
  return [
    verdict,
    `${counted(outcome.produced, 'record')} in ${seconds} s on ${outcome.brokers}`,
    ...outcome.groups.map(
      ({ name, records, words, crashes, refused }) =>
        `${name}: ${counted(records, 'record')}, ${counted(words, 'word')}, ${counted(crashes, 'crash', 'crashes')}, ` +
        `${counted(refused, 'late write')} refused`,
    ),
    ...outcome.groups.flatMap(historyLines),
  ].join('\n');
}

/**
 * Results of the checks on a group's history. Violations are listed with the events around the
 * first one.
 */
function historyLines({ name, checks }: GroupOutcome): string[] {
  if (checks.length === 0) return [];
  const bad = checks.filter(({ violationsTotal }) => violationsTotal > 0);
  const open = checks.filter(({ skipped, violationsTotal }) => skipped !== undefined && violationsTotal === 0);
  const passed = checks.length - bad.length - open.length;
  const notJudged = open.map(({ name: check, skipped }) => `${check}: ${skipped ?? ''}`).join('; ');
  return [
    `${name}: history: ${counted(passed, 'check')} passed, ${bad.length} failed, ${open.length} not judged${notJudged && ` (${notJudged})`}`,
    ...bad.map(renderViolations),
  ];
}
