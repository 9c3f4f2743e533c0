import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { whileServing } from '../../src/brokers/while-serving.ts';
import { ClusterError } from '../../src/errors.ts';

/** Ends when its signal is aborted, with another error than the reason. */
function untilEnded(signal: AbortSignal, ended: (reason: unknown) => void): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      ended(signal.reason);
      reject(new Error('what was under way has ended'));
    });
  });
}

test('brokers that fail end the action, and their failure is the error', async () => {
  const [failed, stop] = [new AbortController(), new AbortController()];
  const failure = new ClusterError('environment', 'no broker is running');
  const reasons: unknown[] = [];
  const outcome = whileServing(
    { failed: failed.signal },
    (ended) => untilEnded(ended, (reason) => reasons.push(reason)),
    stop.signal,
  );
  const refused = expect(outcome).rejects.toBe(failure);
  failed.abort(failure);
  await refused;
  expect(reasons).toEqual([failure]);
  for (const { signal } of [failed, stop]) expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([{ failed: new AbortController().signal }, {}])("the caller's signal ends the action", async (brokers) => {
  const stop = new AbortController();
  const reasons: unknown[] = [];
  const outcome = whileServing(brokers, (ended) => untilEnded(ended, (reason) => reasons.push(reason)), stop.signal);
  const refused = expect(outcome).rejects.toThrow('what was under way has ended');
  stop.abort('enough');
  await refused;
  expect(reasons).toEqual(['enough']);
});
