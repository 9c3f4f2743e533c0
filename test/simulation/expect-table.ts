import { TableReader } from '../../src/count/table-reader.ts';
import type { TableProgress, TableSnapshot } from '../../src/count/table-snapshot.ts';
import type { Expected, TopicPartition } from './topic.ts';
import { Violation, type CheckName } from './violation.ts';
import type { WatchedTable } from './watched-table.ts';

const totals = ['records', 'nullRecords', 'words', 'bytes'] as const;

/** @throws Violation unless these are the totals of the records before `progress.nextOffset` */
export function expectProgress(
  check: CheckName,
  partition: number,
  topic: TopicPartition,
  progress: TableProgress,
): Expected {
  const expected = topic.expectedAt(progress.nextOffset);
  if (expected === undefined) {
    throw new Violation(check, `partition ${partition}: no whole number of records ends at ${progress.nextOffset}`);
  }
  for (const name of totals) {
    if (progress[name] === expected[name]) continue;
    const found = `${progress[name]} ${name} at offset ${progress.nextOffset} instead of ${expected[name]}`;
    throw new Violation(check, `partition ${partition}: ${found}`);
  }
  return expected;
}

/** @throws Violation unless the snapshot holds exactly these words */
export function expectWords(check: CheckName, partition: number, snapshot: TableSnapshot, { counts }: Expected): void {
  const at = `partition ${partition} at offset ${snapshot.progress.nextOffset}`;
  let words = 0;
  const seen = new Set<string>();
  for (const { word, count } of snapshot) {
    const expected = counts.get(word) ?? 0;
    if (count !== expected) throw new Violation(check, `${at}: '${word}' ${count} times instead of ${expected}`);
    if (seen.has(word)) throw new Violation(check, `${at}: '${word}' is there twice`);
    seen.add(word);
    words += 1;
  }
  if (words !== counts.size) throw new Violation(check, `${at}: ${words} distinct words instead of ${counts.size}`);
}

/**
 * Reads a table that has no writer at present.
 * @throws Violation unless it holds exactly the records before its nextOffset, each once
 */
export function expectTable(table: WatchedTable, topic: TopicPartition): void {
  const snapshot = new TableReader(table.buffer).snapshot({ timeoutMs: 0 });
  if (snapshot === undefined) {
    throw new Violation('counts', `partition ${table.partition}: cannot be read, although it has no writer`);
  }
  const expected = expectProgress('counts', table.partition, topic, snapshot.progress);
  expectWords('counts', table.partition, snapshot, expected);
}
