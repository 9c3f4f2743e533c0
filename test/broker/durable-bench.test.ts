import { expect, test } from 'vitest';
import { withAdmin } from '../workload/read-back.ts';
import { verifyRunChangelog } from '../../src/benchmark/verify-run-changelog.ts';
import { withOperator } from '../../src/kafka/kafkajs/operator.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import { benchProcess } from '../benchmark/bench-process.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';
import { commitChangelog } from '../support/changelog.ts';
import { countedGroup } from '../support/counted-group.ts';
import { groupIdsOf } from '../support/groups.ts';

const timeoutMs = 20_000;

test('a durable bench verifies the changelog of each run, and deletes topics and groups', async () => {
  await withBrokers(async ({ connection }) => {
    const size = ['--num-records', '20000', '--members', '2', '--repetitions', '1', '--warm-up', '0'];
    const args = ['--durable', '--commit-interval', '50ms', '--work-us', '20', ...size, '--json', '-'];
    const { code, stdout, stderr } = await benchProcess([...args, '-b', connection.bootstrapServers]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const report = JSON.parse(stdout) as BenchReport;
    expect(report.settings.commitIntervalMs).toBe(50);
    expect(report.lanes.map(({ lane, durable }) => [lane, durable?.commitIntervalMs])).toEqual([
      ['drain', 50],
      ['work', 50],
    ]);
    expect(report.runs).toHaveLength(2);
    for (const { verified, changelog, durationMs, samples } of report.runs) {
      expect(verified).toBe(true);
      expect(changelog?.transactions).toBeGreaterThanOrEqual(2);
      // The book's words, in each of four partitions.
      expect(changelog?.records).toBeGreaterThan(4_000);
      // The last transaction follows the last sample.
      expect(durationMs).toBeGreaterThan(samples.atMs.at(-1) ?? NaN);
    }
    const topics = await withAdmin(connection, (admin) => admin.topics());
    expect(topics.filter((topic) => topic.startsWith('bench-'))).toEqual([]);
    expect((await groupIdsOf(connection)).filter((group) => group.startsWith('bench-'))).toEqual([]);
  });
});

test('a run whose changelog or committed offsets are wrong is not verified', async () => {
  const connection = await sharedBrokers();
  const { filled, group: groupId, ids, parts } = await countedGroup(connection);
  const { topic, beginOffsets, endOffsets, reference } = filled;
  const target = { lane: 'drain', workUs: 0, beginOffsets, endOffsets, reference } as const;
  const { signal } = new AbortController();
  const verify = () =>
    verifyRunChangelog({ connection, topic, groupId, changelogTopic: ids.topic, target, timeoutMs, signal });
  expect(await verify()).toMatchObject({ changelog: { transactions: 1 }, differences: [] });
  const [first, second] = parts;
  if (first === undefined || second === undefined) throw new Error('two partitions');
  const [[word, count] = ['', 0]] = second.words;
  const { words, records } = second.progress;
  const progress = { ...second.progress, words: words + 2, records: records + 1, commit: 2 };
  await commitChangelog(connection, ids, [{ partition: 1, words: new Map([[word, count + 2]]), progress }]);
  const nextOffset = first.progress.nextOffset;
  await withOperator(connection, timeoutMs, (operator) =>
    operator.resetCommittedOffsets(groupId, topic, [nextOffset - 1, progress.nextOffset]),
  );
  const expected = reference.counts.get(word) ?? NaN;
  expect(await verify()).toMatchObject({
    changelog: { transactions: 2 },
    differences: [
      `changelog, records: ${reference.records + 1}, ${reference.records} expected`,
      `changelog, ${JSON.stringify(word)}: ${expected + 2} counted, ${expected} expected`,
      `committed offset of partition 0: ${nextOffset - 1}, in the changelog ${nextOffset}`,
    ],
  });
});
