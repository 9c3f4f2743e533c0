import { ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';

const lookAgainMs = 25;

/**
 * Resolves when all brokers agree on a topic. Clients may ask any broker, so a change is complete
 * only when all of them know it.
 * @param options.partitions - that must be known to have a leader; 0 when the topic must be gone
 * @param options.known - asks each broker that is up how many it knows
 */
export async function topicSettled(options: {
  readonly partitions: number;
  readonly timeoutMs: number;
  readonly known: () => Promise<readonly number[]>;
}): Promise<void> {
  const deadlineMs = nowMs() + options.timeoutMs;
  for (;;) {
    const known = await options.known();
    if (known.length > 0 && known.every((count) => count === options.partitions)) return;
    if (nowMs() >= deadlineMs) {
      throw new ClusterError(
        'timeout',
        `the topic was not ready on all brokers within ${options.timeoutMs} ms (--timeout)`,
      );
    }
    await sleep(lookAgainMs);
  }
}
