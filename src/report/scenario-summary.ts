/** How one group of the scenario ended. */
export interface GroupOutcome {
  readonly name: string;
  readonly records: number;
  readonly words: number;
  /** Words whose count differs from the reference, 0 when all agree. */
  readonly differing: number;
  readonly crashes: number;
  readonly refused: number;
}

export interface ScenarioOutcome {
  readonly produced: number;
  readonly durationMs: number;
  readonly brokers: string;
  readonly groups: readonly GroupOutcome[];
}

/** What a run came to, verdict first. Pure. */
export function renderScenario(outcome: ScenarioOutcome): string {
  const wrong = outcome.groups.filter(({ differing }) => differing > 0);
  const verdict =
    wrong.length === 0
      ? `verified: every word of ${outcome.groups.map(({ name }) => name).join(' and ')} equals the reference`
      : `WRONG: ${wrong.map(({ name, differing }) => `${differing} words of ${name}`).join(', ')} differ from the reference`;
  const count = (value: number): string => value.toLocaleString('en-US');
  const seconds = (outcome.durationMs / 1_000).toFixed(1);
  return [
    verdict,
    `${count(outcome.produced)} records in ${seconds} s on ${outcome.brokers}`,
    ...outcome.groups.map(
      ({ name, records, words, crashes, refused }) =>
        `${name}: ${count(records)} records, ${count(words)} words, ${count(crashes)} crashes, ` +
        `${count(refused)} late writes refused`,
    ),
  ].join('\n');
}
