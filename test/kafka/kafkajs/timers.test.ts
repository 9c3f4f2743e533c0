import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);

interface RequestQueue {
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

test('an unthrottled queue of kafkajs sets no negative timer, so Node prints no warning', async () => {
  const Queue = require('kafkajs/src/network/requestQueue') as new (options: object) => RequestQueue;
  const logger = { namespace: () => ({ debug: () => undefined }) };
  const warnings: string[] = [];
  const collect = ({ name }: Error): unknown => warnings.push(name);
  process.on('warning', collect);
  try {
    for (const throttledUntil of [-1, Date.now() - 60_000, Date.now() + 20]) {
      const queue = new Queue({ clientId: 'test', broker: 'none', logger, maxInFlightRequests: 1 });
      queue.throttledUntil = throttledUntil;
      queue.scheduleCheckPendingRequests();
    }
    await sleep(100);
  } finally {
    process.off('warning', collect);
  }
  expect(warnings).toEqual([]);
});
