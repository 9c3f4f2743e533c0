import { test } from 'vitest';
import { verifyCounts } from '../../src/workload/verify-counts.ts';
import { expectAbortable, neverMs } from '../support/silent-server.ts';

test('an abort ends a wait for brokers, and its connections', async () => {
  const what = { topic: 'topic', counts: [], coverage: undefined, name: 'counts', listMax: 1 };
  await expectAbortable((connection, signal) =>
    verifyCounts({ connection, ...what, tokenizer: 'unicode', timeoutMs: neverMs, signal }),
  );
});
