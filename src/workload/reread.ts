import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fromErrorReport, WordcountError } from '../errors.ts';
import { mergeBlock } from './naive-count.ts';
import type { PartitionBlock, ReadPartition, RereadAnswer, RereadTask } from './reread-process.ts';

/** What another client, in another process, found in a topic. */
export interface Reread {
  readonly partitions: readonly ReadPartition[];
  /** By the definition of a word. */
  readonly counts: ReadonlyMap<string, number>;
  /** The same by partition, as it came from the process. */
  readonly blocks: readonly PartitionBlock[];
}

/**
 * Reads ranges of a topic in a process of its own, which shares with the members neither client nor tokenizer nor memory:
 * committed records only.
 * @throws WordcountError as readIndependently does; internal when the process dies; the signal's reason
 */
export async function reread(task: RereadTask, signal?: AbortSignal): Promise<Reread> {
  signal?.throwIfAborted();
  const child = fork(new URL('../../dist/workload/reread-process.js', import.meta.url), {
    serialization: 'advanced',
    execArgv: [],
  });
  const ended = new AbortController();
  const cancel = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', cancel);
  try {
    child.send(task);
    const answered = once(child, 'message', { signal: ended.signal });
    const died = once(child, 'exit', { signal: ended.signal }).then(([code, name]: unknown[]): never => {
      throw new WordcountError('internal', `the process that rereads the topic died (${String(name ?? code)})`);
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
