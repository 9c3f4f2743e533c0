import { expect, test } from 'vitest';
import { ClusterError, type ErrorCode } from '../../src/errors.ts';
import { Crashes } from '../../src/cluster/crashes.ts';
import { afterEnd, neverRestart, restartDelayMs } from '../../src/cluster/restart-policy.ts';

const policy = { restartsMax: 4, delayMs: 100, calmMs: 1_000 };

test('waits longer with each crash in a row, and stops at the limit', () => {
  expect(restartDelayMs(policy, [0])).toBe(100);
  expect(restartDelayMs(policy, [0, 500])).toBe(200);
  expect(restartDelayMs(policy, [0, 500, 900])).toBe(400);
  expect(restartDelayMs(policy, [0, 1, 2, 3, 4])).toBeUndefined();
});

test('starts again with the first delay after a calm time', () => {
  expect(restartDelayMs(policy, [0, 500, 900, 1_900])).toBe(100);
});

test('without restarts no member is replaced', () => {
  expect(restartDelayMs(neverRestart, [0])).toBeUndefined();
});

test('members whose commit was interrupted are replaced without limit, unless none is replaced', () => {
  const crashes = new Crashes();
  const add = (code: ErrorCode): void => {
    crashes.add({ error: new ClusterError(code, 'failed'), hopeless: false });
  };
  const ended = { crashed: true, stopping: false, failed: true, fenced: false, hopeless: false, wasLast: true };
  for (let restarts = 0; restarts < 1_000; restarts += 1) add('commitInterrupted');
  expect(afterEnd(ended, policy, crashes.timesMs)).toEqual({ type: 'replace', delayMs: 100 });
  expect(afterEnd(ended, neverRestart, crashes.timesMs)).toEqual({ type: 'giveUp' });
  for (let restarts = 0; restarts < 5; restarts += 1) add('memberFailed');
  expect(afterEnd(ended, policy, crashes.timesMs)).toEqual({ type: 'giveUp' });
});

test('a group continues without a killed member, but not after a fatal error and not without members', () => {
  const killed = { crashed: true, stopping: false, failed: false, fenced: false, hopeless: false, wasLast: false };
  expect(afterEnd(killed, policy, [0, 500])).toEqual({ type: 'replace', delayMs: 200 });
  expect(afterEnd({ ...killed, stopping: true }, policy, [0])).toEqual({ type: 'continue' });
  expect(afterEnd({ ...killed, crashed: false }, policy, [])).toEqual({ type: 'continue' });
  expect(afterEnd(killed, neverRestart, [0])).toEqual({ type: 'continue' });
  expect(afterEnd({ ...killed, wasLast: true }, neverRestart, [0])).toEqual({ type: 'giveUp' });
  expect(afterEnd({ ...killed, failed: true }, neverRestart, [0])).toEqual({ type: 'giveUp' });
  expect(afterEnd({ ...killed, failed: true, fenced: true }, neverRestart, [0])).toEqual({ type: 'continue' });
  expect(afterEnd({ ...killed, failed: true, hopeless: true }, policy, [0])).toEqual({ type: 'giveUp' });
  const taken = { ...killed, failed: true, fenced: true, hopeless: true };
  expect(afterEnd(taken, policy, [0])).toEqual({ type: 'giveUp' });
});
