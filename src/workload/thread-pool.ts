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

/**
 * Piscina loads a module with `require` and imports it only when that fails. Node aborts the process
 * when a thread is ended while it `require`s an ES module (CreateRequiredModuleFacade, Node 22 to 26);
 * Node 24 and 26 take this option as the older name of --no-require-module.
 */
const importOnly = ['--no-experimental-require-module'];

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
    execArgv: importOnly,
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
  // A thread that fails before it has a task, for example because its module cannot be loaded, is an
  // event of the pool, whose queue then waits for ever.
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  pool.on('error', broken.reject);
  try {
    const worked = work(async (task) => {
      const running = pool.run(task, signal === undefined ? {} : { signal });
      watchEnds();
      const outcome = await running;
      if (isFailed(outcome)) throw fromErrorReport(outcome.error);
      return outcome as Exclude<Outcome, TaskFailed>;
    });
    return await Promise.race([worked, broken.promise]);
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

/** Not `once`, which rejects at the error that ends a thread: the thread is still there then. */
function endOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => {
      resolve();
    });
  });
}
