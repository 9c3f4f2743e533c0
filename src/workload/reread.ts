import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fromErrorReport, ClusterError } from '../errors.ts';
import { builtFile } from '../worker-thread.ts';
import { mergeBlock } from './naive-count.ts';
import type { PartitionBlock, ReadPartition, RereadAnswer, RereadTask } from './reread-process.ts';

/** Contents of a topic as another client in another process has read them. */
export interface Reread {
  readonly partitions: readonly ReadPartition[];
  /** Counts by the definition of a word. */
  readonly counts: ReadonlyMap<string, number>;
  /** The same counts by partition, as the process sent them. */
  readonly blocks: readonly PartitionBlock[];
}

/**
 * Reads ranges of a topic in a separate process, which shares neither client nor tokenizer nor
 * memory with the members. It reads committed records only.
 * @throws ClusterError as readIndependently does; internal when the process dies; the signal's
 *   reason
 */
export async function reread(task: RereadTask, signal?: AbortSignal): Promise<Reread> {
  signal?.throwIfAborted();
  const child = fork(builtFile('workload/reread-process.js'), {
    serialization: 'advanced',
    execArgv: [],
  });
  // A process that could not be started may emit a second one, for the task that it did not receive.
  child.on('error', () => undefined);
  const ended = new AbortController();
  const cancel = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', cancel);
  try {
    child.send(task);
    const answered = once(child, 'message', { signal: ended.signal });
    const died = once(child, 'exit', { signal: ended.signal }).then(([code, name]: unknown[]): never => {
      throw new ClusterError('internal', `the process that rereads the topic died (${String(name ?? code)})`);
    });
    const [answer] = (await Promise.race([answered, died])) as [RereadAnswer];
    if (answer.type === 'failed') throw fromErrorReport(answer.error);
    const counts = new Map<string, number>();
    for (const block of answer.blocks) mergeBlock(counts, block);
    return { partitions: answer.partitions, counts, blocks: answer.blocks };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
    signal?.removeEventListener('abort', cancel);
    child.kill('SIGKILL');
  }
}
