import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The way a thread ended. */
export interface ThreadEnd {
  readonly code: number;
  /** The uncaught error that ended the thread; undefined when it ended in another way. */
  readonly error: Error | undefined;
}

export interface WorkerThreadOptions<Message> {
  /** See `builtFile`. */
  readonly file: URL;
  readonly name: string;
  /** The thread's `workerData`. */
  readonly task: unknown;
  /** The thread ends with an error when its heap grows beyond this limit. */
  readonly heapMibMax?: number;
  readonly onMessage: (message: Message) => void;
}

/**
 * Threads and processes always run built files, so that a clone and a package run the same code.
 * @param path - below dist/
 */
export function builtFile(path: `${string}.js`): URL {
  return new URL(`../dist/${path}`, import.meta.url);
}

/**
 * The environment of a thread that uses the process's cache of compiled modules, if there is one.
 * Threads do not inherit it. It saves a third of the processor time of a member's start.
 */
function threadEnvironment(): NodeJS.ProcessEnv {
  // The last folder is Node's own: its version and the user.
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}

/** A thread of this process that runs a built file. */
export class WorkerThread<Order, Message> {
  /** Resolves after the thread was joined: none of its code runs any more, and its messages have arrived. */
  readonly ended: Promise<ThreadEnd>;
  readonly #worker: Worker;
  /** The thread runs JavaScript, or has ended before it could. */
  readonly #started: Promise<unknown>;

  constructor({ file, name, task, heapMibMax, onMessage }: WorkerThreadOptions<Message>) {
    this.#worker = new Worker(file, {
      name,
      workerData: task,
      env: threadEnvironment(),
      // Loaders of the parent (test runner, TypeScript) are of no use to built files and slow each start.
      execArgv: [],
      ...(heapMibMax === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMibMax } }),
    });
    this.#worker.on('message', onMessage);
    this.ended = new Promise((resolve) => {
      let failure: Error | undefined;
      this.#worker.on('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      this.#worker.on('exit', (code) => {
        resolve({ code, error: failure });
      });
    });
    this.#started = Promise.race([once(this.#worker, 'online').catch(() => undefined), this.ended]);
  }

  post(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Ends the thread at its next instruction. A thread that was just created first finishes its start. */
  async terminate(): Promise<void> {
    await this.#started;
    await this.#worker.terminate();
  }
}
