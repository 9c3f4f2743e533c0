import { counted } from '../numbers.ts';
import { renderVerifyChangelog, type ChangelogOutcome } from './verify-changelog-text.ts';

/** Result of one durable group of a run. */
export interface DurableGroupOutcome {
  readonly name: string;
  readonly groupId: string;
  readonly changelogTopic: string;
  /** Crashes of members of this process. */
  readonly crashes: number;
  /** The changelog compared with the committed offsets and a recount of the topic. */
  readonly verified: Omit<ChangelogOutcome, 'topic' | 'groupId' | 'changelogTopic'> & { readonly equal: boolean };
  /**
   * Number of words whose count differs from the reference of this run; undefined when the topic
   * also contains the records of other runs.
   */
  readonly differing?: number;
}

export interface DurableRunOutcome {
  readonly topic: string;
  /** Records that this process has produced. */
  readonly produced: number;
  readonly durationMs: number;
  readonly brokers: string;
  readonly groups: readonly DurableGroupOutcome[];
}

/** Pure: renders the result of a durable run, verdict first. */
export function renderDurableRun(outcome: DurableRunOutcome): string {
  const { topic, produced, durationMs, brokers, groups } = outcome;
  const seconds = (durationMs / 1_000).toFixed(1);
  return [
    verdict(outcome),
    `${counted(produced, 'record')} produced in ${seconds} s on ${brokers}`,
    ...groups.map(({ name, verified, crashes }) => {
      const { words, records } = verified;
      return `${name}: ${counted(records, 'record')}, ${counted(words, 'word')}, ${counted(crashes, 'crash', 'crashes')}`;
    }),
    ...groups
      .filter(({ verified }) => !verified.equal)
      .map(({ name, groupId, changelogTopic, verified }) => {
        return `${name}: ${renderVerifyChangelog({ topic, groupId, changelogTopic, ...verified })}`;
      }),
  ].join('\n');
}

function verdict({ topic, groups }: DurableRunOutcome): string {
  const unequal = groups.filter(({ verified }) => !verified.equal).map(({ name }) => name);
  if (unequal.length > 0)
    return `WRONG: the changelog of ${unequal.join(' and ')} differs from ${topic} or from the committed offsets`;
  const wrong = groups.filter(({ differing = 0 }) => differing > 0);
  if (wrong.length > 0)
    return `WRONG: counts differ from the reference: ${wrong.map(({ name, differing = 0 }) => `${counted(differing, 'word')} of ${name}`).join(', ')}`;
  const names = groups.map(({ name }) => name).join(' and ');
  const reference = groups.every(({ differing }) => differing !== undefined) ? ', and every word the reference' : '';
  return `verified: the changelogs of ${names} equal a recount of ${topic} and the committed offsets${reference}`;
}
