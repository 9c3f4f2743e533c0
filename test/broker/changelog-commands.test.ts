import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { commitChangelog } from '../support/changelog.ts';
import { countedGroup } from '../support/counted-group.ts';
import { runCli } from '../support/spawned.ts';
import { withAdmin } from '../workload/read-back.ts';

const timeoutMs = 20_000;
let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
});

const cli = (...args: readonly string[]) => runCli([...args, '-b', connection.bootstrapServers]);
const verify = (group: string, ...args: readonly string[]) => cli('verify', '--changelog', '--group', group, ...args);

test('the counts of a changelog equal the topic, in every format, and verify agrees', async () => {
  const { filled, group, ids, parts } = await countedGroup(connection);
  // Not committed: it is left out.
  const aborted = parts.map((part) => ({ ...part, words: new Map([['a', 1]]) }));
  await commitChangelog(connection, ids, aborted, 'abort');
  const counts = ['counts', '--from-changelog', '--group', group];
  const tsv = await cli(...counts, '--format', 'tsv');
  expect(tsv).toMatchObject({ code: 0, stderr: '' });
  const lines = tsv.stdout.trimEnd().split('\n').slice(1);
  expect(new Map(lines.map((line) => line.split('\t')).map(([word, count]) => [word, Number(count)]))).toEqual(
    filled.reference.counts,
  );
  // The file can be verified as one that `counts` wrote.
  const file = join(mkdtempSync(join(tmpdir(), 'changelog-')), 'words.tsv');
  writeFileSync(file, tsv.stdout);
  expect(await cli('verify', '-t', filled.topic, '--counts', file)).toMatchObject({ code: 0 });
  const table = await cli(...counts, '--topic', filled.topic, '--top', '3');
  expect(table.stdout.split('\n')).toHaveLength(6);
  expect(table.stdout).toContain(`in 400 records of ${filled.topic} (2 partitions)`);
  expect(await verify(group)).toMatchObject({
    code: 0,
    stdout: `equal: ${filled.reference.words.toLocaleString('en-US')} words in 400 records of ${filled.topic}, 2 partitions: ${ids.topic}, the committed offsets of group ${group} and a recount agree\n`,
  });
});

test('verify names the words, totals and offsets that differ', async () => {
  const { filled, group, ids, parts } = await countedGroup(connection);
  const [first, second] = parts;
  if (first === undefined || second === undefined) throw new Error('two partitions');
  const [[word, count] = ['', 0]] = second.words;
  const wrong = new Map([[word, count + 2]]);
  const { words, bytes } = second.progress;
  await commitChangelog(connection, ids, [
    { partition: 1, words: wrong, progress: { ...second.progress, words: words + 2, bytes: bytes - 1, commit: 2 } },
  ]);
  const nextOffset = first.progress.nextOffset;
  await withOperator(connection, timeoutMs, (operator) =>
    operator.resetCommittedOffsets(group, filled.topic, [nextOffset - 1, second.progress.nextOffset]),
  );
  const { code, stdout } = await verify(group, '--show', '1');
  expect(code).toBe(3);
  expect(stdout.trimEnd().split('\n').slice(1)).toEqual([
    `  partition 1, bytes: changelog ${bytes - 1}, topic ${bytes}`,
    `  partition 1, words: changelog ${words + 2}, topic ${words}`,
    `  partition 1, "${word}": changelog ${count + 2}, topic ${count}`,
    `  partition 0, next offset: changelog ${nextOffset}, group ${nextOffset - 1}`,
  ]);
  expect(stdout).toMatch(/^different: 2 partitions, 1 word; recounted /);
});

test('no verdict when counted records have been deleted, and none for a missing changelog', async () => {
  const { filled, group, parts } = await countedGroup(connection);
  await withAdmin(connection, (admin) => admin.deleteRecords(filled.topic, [{ partition: 1, offset: 5 }]));
  const records = parts[1]?.progress.records ?? 0;
  expect(await verify(group)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(
      `error: topic '${filled.topic}' can't be verified: its records were deleted since they were counted: partition 1 now begins at offset 5, with ${records - 5} of ${records} counted records left\nhint: `,
    ) as string,
  });
  const other = await cli('counts', '--from-changelog', '--group', group, '--changelog-topic', 'no-such-topic');
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain("error: topic 'no-such-topic' does not exist (--changelog-topic)\nhint: ");
  const words = await cli('counts', '--from-changelog', '--group', group, '--changelog-topic', filled.topic);
  expect(words.stderr).toContain(`error: topic '${filled.topic}' partition 0: the record at offset 0 is not a word`);
  expect((await verify('no-such-group')).stderr).toContain(
    "error: group 'no-such-group' has no committed offsets\nhint: check --group, or pass --topic",
  );
});
