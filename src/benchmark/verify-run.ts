import type { GroupSnapshot } from '../cluster/snapshot.ts';
import type { RankedWords } from '../count/top-words.ts';
import { compareCounts, type CountDifference } from '../workload/compare-counts.ts';
import type { LaneTarget } from './lane-target.ts';
import { counted } from '../numbers.ts';

const listMax = 5;

/**
 * Pure: all differences between a finished run and the expected result. Word differences are
 * limited to the first few of each kind.
 * @param words - undefined when a table could not be read
 * @returns one line per difference; empty for a correct run
 */
export function differencesOf(
  snapshot: GroupSnapshot,
  words: RankedWords | undefined,
  target: LaneTarget,
): readonly string[] {
  const { reference, endOffsets } = target;
  const lines: string[] = [];
  const expect = (what: string, actual: number, expected: number): void => {
    if (actual !== expected) lines.push(`${what}: ${actual} counted, ${expected} expected`);
  };
  expect('records', snapshot.records, reference.records);
  expect('words', snapshot.words, reference.words);
  for (const { partition, nextOffset } of snapshot.partitions) {
    expect(`next offset of partition ${partition}`, nextOffset, endOffsets[partition] ?? 0);
  }
  const ofMembers = snapshot.members.reduce((sum, { meter }) => sum + meter.records, 0);
  expect('records of all members', ofMembers, reference.records);
  if (words === undefined) return [...lines, 'a table could not be read'];
  return [...lines, ...wordDifferences(pairs(words), reference.counts)];
}

/** Pure: the words whose counts differ, one line each; the first few of each kind. */
export function wordDifferences(
  counts: Iterable<readonly [word: string, count: number]>,
  reference: ReadonlyMap<string, number>,
): string[] {
  const { missing, extra, different, differing } = compareCounts(counts, reference, listMax);
  const listed = [...missing, ...extra, ...different];
  const more = differing > listed.length ? [`and ${counted(differing - listed.length, 'more word')}`] : [];
  return [...listed.map(describe), ...more];
}

function describe({ word, count, reference }: CountDifference): string {
  return `${JSON.stringify(word)}: ${count} counted, ${reference} expected`;
}

function* pairs(words: RankedWords): Generator<readonly [string, number]> {
  for (const { word, count } of words.entries) yield [word, count];
}
