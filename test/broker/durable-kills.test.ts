import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ChangelogState } from '../../src/stress/processes/changelog-state.ts';
import { differences } from '../../bench/process-kills/final-check.ts';
import { runGroups } from '../../bench/process-kills/run-groups.ts';
import { sharedBrokers } from '../support/brokers.ts';

const groups = [
  ['range', false],
  ['consumer', true],
] as const;

test.each(groups)(
  'counts stay exact while processes under %s are killed, stopped and paused (static: %s)',
  async (protocol, staticMembership) => {
    const [outcome] = await runGroups({
      ...{ connection: await sharedBrokers(), protocols: [protocol], staticMembership, seed: 71, kills: 3, minutes: 3 },
      ...{ processes: 2, members: 1, partitions: 2, rate: 200, standbyReplicas: 'all', commitInterval: '200ms' },
      logFolder: mkdtempSync(join(tmpdir(), 'durable-kills-')),
      log: () => undefined,
    });
    expect(outcome?.anomalies).toEqual([]);
    expect(outcome?.takeovers.kills).toBeGreaterThanOrEqual(3);
    // The seed draws both.
    expect([...(outcome?.takeovers.counts.keys() ?? [])]).toEqual(expect.arrayContaining(['kill -9', 'SIGSTOP']));
  },
);

test('the final check reports each count and each offset that differs', () => {
  const state = new ChangelogState();
  const take = (key: string, value: number): unknown => state.take(key, value);
  for (const key of ['\0nextOffset', '\0records']) take(key, 2);
  take('word', 3);
  const expected = { produced: [2], wordsOf: () => new Map([['word', 3]]) };
  const found = { endOffsets: [2], committed: [2], states: [state] };
  expect(differences(expected, found)).toEqual([]);

  take('word', 4);
  take('twice', 1);
  take('\0records', 3);
  expect(differences(expected, { ...found, committed: [1] })).toEqual([
    'partition 0: committed offset: 1, not 2',
    'partition 0: records of the progress: 3, not 2',
    "partition 0: 'word': 4, not 3",
    "partition 0: 'twice': 1, not 0",
  ]);
});
