import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);

interface RequestQueue {
  throttledUntil: number;
  readonly pending: object[];
  readonly inflight: Map<number, object>;
  readonly throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  destroy(): void;
}

function requestQueue(): RequestQueue {
  const Queue = require('kafkajs/src/network/requestQueue') as new (options: object) => RequestQueue;
  const logger = { namespace: () => ({ debug: () => undefined }) };
  return new Queue({ clientId: 'test', broker: 'none', logger, maxInFlightRequests: 1 });
}

test('a queue of kafkajs without pending requests sets no timer, which would run every millisecond', () => {
  for (const throttledUntil of [-1, Date.now() + 60_000]) {
    const queue = requestQueue();
    queue.throttledUntil = throttledUntil;
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBe(null);
  }
});

test('a queue of kafkajs sets no negative timer, so Node prints no warning', async () => {
  const warnings: string[] = [];
  const collect = ({ name }: Error): unknown => warnings.push(name);
  process.on('warning', collect);
  const queues = [-1, Date.now() - 60_000, Date.now() + 20].map((throttledUntil) => {
    const queue = requestQueue();
    queue.throttledUntil = throttledUntil;
    // It waits for the response to another one.
    queue.inflight.set(1, {});
    queue.pending.push({});
    return queue;
  });
  try {
    for (const queue of queues) {
      queue.checkPendingRequests();
      expect(queue.throttleCheckTimeoutId).not.toBe(null);
    }
    await sleep(100);
  } finally {
    for (const queue of queues) queue.destroy();
    process.off('warning', collect);
  }
  expect(warnings).toEqual([]);
});
