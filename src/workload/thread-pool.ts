import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { fromErrorReport, type ErrorReport } from '../errors.ts';

/**
 * A failure as the value that a worker of a pool returns: a thrown error would lose its code
 * between threads.
 */
export interface TaskFailed {
  readonly type: 'failed';
  readonly error: ErrorReport;
}

export interface PoolOptions {
  /** Built module whose default export performs a task. */
  readonly file: URL;
  readonly threads: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Most objects of a task die at once, so a larger young generation makes no task faster; V8's
 * default takes up to 80 MiB a thread, and keeps it for a while after the thread's end.
 */
const youngGenerationMibMax = 24;

/** Rejects with the ClusterError of a task that failed. */
export type PerformTask<Task, Outcome> = (task: Task) => Promise<Exclude<Outcome, TaskFailed>>;

/**
 * Runs tasks in threads that have ended when the returned promise settles.
 * @param work - receives the function that performs one task
 * @throws ClusterError of a failed task; the signal's reason
 */
export async function withThreadPool<Task, Outcome extends { readonly type: string }, Result>(
  { file, threads, signal }: PoolOptions,
  work: (perform: PerformTask<Task, Outcome>) => Promise<Result>,
): Promise<Result> {
  // With a minimum of threads, a pool replaces a thread that ends late, even after destroy(). The
  // replacement would never end.
  const pool = new Piscina<Task, Outcome>({
    filename: file.href,
    execArgv: [],
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Infinity,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMibMax },
  });
  // A pool creates its threads while it accepts tasks. It reports them only when they are ready, and
  // an aborted task may end its thread before.
  const ends = new Map<Worker, Promise<void>>();
  const watchEnds = (): void => {
    for (const worker of pool.threads) if (!ends.has(worker)) ends.set(worker, endOf(worker));
  };
  try {
    return await work(async (task) => {
      const running = pool.run(task, signal === undefined ? {} : { signal });
      watchEnds();
      const outcome = await running;
      if (isFailed(outcome)) throw fromErrorReport(outcome.error);
      return outcome as Exclude<Outcome, TaskFailed>;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await pool.destroy();
    await Promise.all(ends.values());
  }
}

function isFailed(outcome: { readonly type: string }): outcome is TaskFailed {
  return outcome.type === 'failed';
}

async function endOf(worker: Worker): Promise<void> {
  // Rejects when a worker ends with an error, which its task has already reported.
  await once(worker, 'exit').catch(() => undefined);
}
