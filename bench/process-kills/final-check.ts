import { Kafka, logLevel } from 'kafkajs';
import type { ChangelogState } from '../../src/stress/processes/changelog-state.ts';

/** What the group must have counted. */
export interface Expected {
  /** By partition. */
  readonly produced: readonly number[];
  readonly wordsOf: (partition: number) => ReadonlyMap<string, number>;
}

/** Offsets as any Kafka tool sees them, and a changelog that was read independently. */
export interface Found {
  readonly endOffsets: readonly number[];
  readonly committed: readonly number[];
  readonly states: readonly ChangelogState[];
}

/** A partition that was not read to its end differs in all words. */
const linesMax = 20;

/** @returns the first differences of each partition as lines; none when all counts and offsets are exact */
export function differences({ produced, wordsOf }: Expected, { endOffsets, committed, states }: Found): string[] {
  return produced.flatMap((records, partition) => {
    const { words, progress } = states[partition] ?? { words: new Map<string, number>(), progress: new Map() };
    const numbers: readonly (readonly [name: string, found: unknown])[] = [
      ['end of the topic', endOffsets[partition]],
      ['committed offset', committed[partition]],
      ['nextOffset of the progress', progress.get('nextOffset')],
      ['records of the progress', progress.get('records')],
    ];
    const wrong = numbers
      .filter(([, found]) => found !== records)
      .map(([name, found]) => `${name}: ${String(found)}, not ${records}`);
    return [...wrong, ...wrongWords(wordsOf(partition), words)]
      .slice(0, linesMax)
      .map((line) => `partition ${partition}: ${line}`);
  });
}

function wrongWords(expected: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>): string[] {
  const all = new Set([...expected.keys(), ...found.keys()]);
  return [...all]
    .filter((word) => (expected.get(word) ?? 0) !== (found.get(word) ?? 0))
    .map((word) => `'${word}': ${found.get(word) ?? 0}, not ${expected.get(word) ?? 0}`);
}

/** Committed offsets of a group and end offsets of its topic, by partition, read with kafkajs. */
export async function readOffsets(
  bootstrapServers: string,
  topic: string,
  groupId: string,
): Promise<Pick<Found, 'endOffsets' | 'committed'>> {
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return { endOffsets: byPartition(ends), committed: byPartition(committed?.partitions ?? []) };
  } finally {
    await admin.disconnect();
  }
}

function byPartition(offsets: readonly { readonly partition: number; readonly offset: string }[]): number[] {
  return [...offsets].sort((left, right) => left.partition - right.partition).map(({ offset }) => Number(offset));
}
