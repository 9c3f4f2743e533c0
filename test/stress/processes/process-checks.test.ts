import { expect, test } from 'vitest';
import { ProcessChecks, type ProcessEvidence } from '../../../src/stress/processes/process-checks.ts';
import type { ProcessEvent } from '../../../src/stress/processes/process-event.ts';

type Commit = Omit<Extract<ProcessEvent, { type: 'committed' }>, 'type' | 'atMs' | 'partition' | 'seenMs'>;

/** Every record has two words. */
const wordsBelow = (_: number, offset: number): number => 2 * offset;
const complete: ProcessEvidence = { behind: [], differences: [], leftovers: [] };

function committed(commit: Partial<Commit> & Pick<Commit, 'nextOffset'>): ProcessEvent {
  const { nextOffset } = commit;
  const right = { writer: 1, commit: 1, records: nextOffset, words: 2 * nextOffset, sum: 2 * nextOffset };
  return { type: 'committed', atMs: 0, seenMs: 0, partition: 0, ...right, ...commit };
}

function ended(process: string, code: number | null, signal: NodeJS.Signals | null = null): ProcessEvent {
  return { type: 'ended', atMs: 0, process, code, signal, complaint: undefined };
}

function signalled(process: string, signal: NodeJS.Signals): ProcessEvent {
  return { type: 'signalled', atMs: 0, process, signal, owned: [] };
}

/** @returns the names of the checks that report a violation */
function violated(events: readonly ProcessEvent[], evidence: ProcessEvidence = complete): string[] {
  const checks = new ProcessChecks(wordsBelow);
  for (const event of events) checks.add(event);
  return checks.finish(evidence).flatMap(({ name, violationsTotal }) => (violationsTotal > 0 ? [name] : []));
}

const owns = (process: string): ProcessEvent => ({ type: 'owns', atMs: 0, process, partitions: [0] });

test('a right run violates nothing', () => {
  expect(
    violated([
      ...[owns('a'), owns('b'), committed({ nextOffset: 5 }), committed({ nextOffset: 5, commit: 2 })],
      // Another member continues, and then the first one again.
      ...[committed({ nextOffset: 7, writer: 2 }), committed({ nextOffset: 9, commit: 3 })],
      ...[signalled('a', 'SIGKILL'), ended('a', null, 'SIGKILL'), signalled('b', 'SIGTERM'), ended('b', 0)],
      ...[signalled('c', 'SIGTERM'), ended('c', 130)],
      ...[signalled('d', 'SIGTERM'), ended('d', null, 'SIGTERM')],
    ]),
  ).toEqual([]);
});

test.each([
  ['counts of more words than the progress has', committed({ nextOffset: 5, sum: 11 }), 'durable-state'],
  ['progress with more words than the records have', committed({ nextOffset: 5, words: 11, sum: 11 }), 'durable-state'],
  ['records that are not those before the offset', committed({ nextOffset: 5, records: 4 }), 'commit-safety'],
])('%s', (_, commit, check) => {
  expect(violated([commit])).toEqual([check]);
});

test('progress that goes back', () => {
  expect(violated([committed({ nextOffset: 5 }), committed({ nextOffset: 4, writer: 2 })])).toEqual(['commit-safety']);
});

test('a commit of a member after a later one of the same member', () => {
  const order = [committed({ nextOffset: 5, commit: 2 }), committed({ nextOffset: 6, commit: 1 })];
  expect(violated(order)).toEqual(['commit-safety']);
});

test.each([
  ['an exit code that no one has asked for', [owns('a'), ended('a', 1)]],
  ['an exit without a signal', [owns('a'), ended('a', 0)]],
  ['a crash after SIGTERM', [owns('a'), signalled('a', 'SIGTERM'), ended('a', 1)]],
  ['an interrupted count', [owns('a'), signalled('a', 'SIGTERM'), ended('a', 130)]],
  ['a crash of a paused process', [owns('a'), signalled('a', 'SIGSTOP'), ended('a', null, 'SIGSEGV')]],
  ['no end after SIGTERM', [{ type: 'notEnded', atMs: 0, process: 'a', afterMs: 45_000 } as const]],
])('%s violates process-end', (_, events) => {
  expect(violated(events)).toEqual(['process-end']);
});

test('what the final state shows goes to its check', () => {
  expect(violated([], { ...complete, behind: ['partition 0'] })).toEqual(['liveness']);
  expect(violated([], { ...complete, differences: ['"word": 1 counted, 2 generated'] })).toEqual(['durable-state']);
  expect(violated([], { ...complete, leftovers: ['topic t'] })).toEqual(['hygiene']);
});

test('what an interrupted run could not judge is skipped', () => {
  const results = new ProcessChecks(wordsBelow).finish({});
  expect(results.filter(({ skipped }) => skipped !== undefined).map(({ name }) => name)).toEqual([
    'durable-state',
    'liveness',
    'hygiene',
  ]);
});
