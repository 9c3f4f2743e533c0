import { sleep } from '../time/sleep.ts';
import type { Supervisor } from './supervisor.ts';

/** The state is in shared memory, which cannot wake a waiter. */
const lookMs = 1;

/**
 * Stops a durable group gracefully: its members commit what they have counted, and leave.
 * @param onCommitted - called once, when everything counted is committed; not called when a member
 *   could not commit
 */
export async function stopDurable(
  supervisor: Pick<Supervisor, 'snapshot' | 'stop'>,
  onCommitted: () => void,
): Promise<void> {
  const over = new AbortController();
  const stopping = supervisor.stop('drain').finally(() => {
    over.abort();
  });
  const isCommitted = (): boolean =>
    supervisor.snapshot().partitions.every(({ nextOffset, committedOffset }) => committedOffset === nextOffset);
  while (!isCommitted() && !over.signal.aborted) await sleep(lookMs);
  if (isCommitted()) onCommitted();
  await stopping;
}
