import { TableReader } from '../../../src/count/table-reader.ts';
import type { Progress } from '../../../src/protocol/changelog-format.ts';
import { expectProgress, expectWords } from '../expect-table.ts';
import type { Expected, TopicPartition } from '../topic.ts';
import { Violation } from '../violation.ts';
import type { Contents } from './changelog-log.ts';

const totals = ['records', 'nullRecords', 'words', 'bytes'] as const;

/** @throws Violation unless the changelog says exactly what the records before its progress contain */
export function expectContents(partition: number, topic: TopicPartition, { words, progress }: Contents): void {
  const at = `changelog of partition ${partition} at offset ${progress?.nextOffset ?? 'none'}`;
  const expected = topic.expectedAt(progress?.nextOffset ?? topic.beginOffset);
  if (expected === undefined) throw new Violation('counts', `${at}: no whole number of records ends there`);
  if (progress !== undefined) expectTotals(at, progress, expected);
  for (const [word, count] of expected.counts) {
    if (words.get(word) === count) continue;
    throw new Violation('counts', `${at}: '${word}' ${words.get(word) ?? 0} times instead of ${count}`);
  }
  const surplus = [...words.keys()].find((word) => !expected.counts.has(word));
  if (surplus !== undefined) throw new Violation('counts', `${at}: '${surplus}' is not in the records`);
}

function expectTotals(at: string, progress: Progress, expected: Expected): void {
  for (const name of totals) {
    if (progress[name] === expected[name]) continue;
    throw new Violation('counts', `${at}: ${progress[name]} ${name} instead of ${expected[name]}`);
  }
}

/** @throws Violation unless the table, which has no writer at present, is exact for its own nextOffset */
export function expectOwnTable(partition: number, table: SharedArrayBuffer, topic: TopicPartition): void {
  const snapshot = new TableReader(table).snapshot({ timeoutMs: 0 });
  if (snapshot === undefined) throw new Violation('counts', `partition ${partition}: the table cannot be read`);
  expectWords('counts', partition, snapshot, expectProgress('counts', partition, topic, snapshot.progress));
}

/** @throws Violation unless the table contains what the changelog says */
export function expectFollows(partition: number, table: SharedArrayBuffer, { words, progress }: Contents): void {
  const snapshot = new TableReader(table).snapshot({ timeoutMs: 0 });
  if (snapshot === undefined) throw new Violation('counts', `partition ${partition}: the standby table cannot be read`);
  const at = `standby table of partition ${partition} at offset ${snapshot.progress.nextOffset}`;
  if (progress !== undefined && snapshot.progress.nextOffset !== progress.nextOffset) {
    throw new Violation('counts', `${at}: the changelog is at ${progress.nextOffset}`);
  }
  const found = new Map([...snapshot].map(({ word, count }) => [word, count]));
  for (const [word, count] of words) {
    if (found.get(word) !== count) {
      throw new Violation('counts', `${at}: '${word}' ${found.get(word) ?? 0} times, ${count} in the changelog`);
    }
  }
  if (found.size !== words.size)
    throw new Violation('counts', `${at}: ${found.size} words, ${words.size} in the changelog`);
}
