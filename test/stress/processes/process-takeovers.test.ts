import { expect, test } from 'vitest';
import type { ProcessEvent } from '../../../src/stress/processes/process-event.ts';
import { ProcessTakeovers } from '../../../src/stress/processes/process-takeovers.ts';

function committed(writer: number, seenMs: number): ProcessEvent {
  const progress = { commit: 1, nextOffset: 1, records: 1, words: 1, sum: 1 };
  return { type: 'committed', atMs: seenMs, partition: 0, writer, seenMs, ...progress };
}

function signalled(signal: NodeJS.Signals, atMs: number): ProcessEvent {
  return { type: 'signalled', atMs, process: 'a', signal, owned: [0] };
}

test('a takeover lasts from the signal to the first commit of another member', () => {
  const takeovers = new ProcessTakeovers();
  const events = [committed(1, 0), signalled('SIGKILL', 100), committed(2, 3_100), committed(2, 4_000)];
  for (const event of events) takeovers.add(event);
  expect(takeovers.found).toEqual([{ cause: 'process-kill', tookMs: 3_000 }]);
});

test('what the stopped process still commits does not end the wait, and a resumed owner is not taken over from', () => {
  const takeovers = new ProcessTakeovers();
  for (const event of [committed(1, 0), signalled('SIGTERM', 100), committed(1, 400), committed(2, 600)]) {
    takeovers.add(event);
  }
  for (const event of [signalled('SIGSTOP', 700), signalled('SIGCONT', 900), committed(2, 950), committed(3, 9_000)])
    takeovers.add(event);
  expect(takeovers.found).toEqual([{ cause: 'process-stop', tookMs: 200 }]);
});
