import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtFile, WorkerThread } from '../src/worker-thread.ts';

/** A thread of this code; `port` and `task` are its own. */
function start(code: string, task?: unknown, heapMibMax?: number) {
  const preamble = "import { parentPort as port, workerData as task } from 'node:worker_threads';";
  const received: unknown[] = [];
  const thread = new WorkerThread<unknown, unknown>({
    file: new URL(`data:text/javascript,${encodeURIComponent(`${preamble}\n${code}`)}`),
    name: 'tested',
    task,
    ...(heapMibMax === undefined ? {} : { heapMibMax }),
    onMessage: (message) => received.push(message),
  });
  return { thread, received };
}

test('a thread gets its task and orders, and its last message arrives before it has ended', async () => {
  const { thread, received } = start(
    "port.postMessage(task); port.once('message', (order) => port.postMessage(order));",
    { task: 1 },
  );
  thread.post('order');
  expect(await thread.ended).toEqual({ code: 0, error: undefined });
  expect(received).toEqual([{ task: 1 }, 'order']);
});

test('an uncaught error and the exit are one event', async () => {
  const { thread } = start("throw new RangeError('thrown in the thread');");
  const { code, error } = await thread.ended;
  expect(code).toBe(1);
  expect(error).toMatchObject({ name: 'RangeError', message: 'thrown in the thread' });
});

test('a heap beyond its limit ends the thread and not the process', async () => {
  const { thread } = start('for (const kept = []; ;) kept.push(new Array(100_000).fill(kept.length));', undefined, 16);
  const { error } = await thread.ended;
  expect(error).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
});

test('a thread that was just created can be terminated, and terminated again', async () => {
  const threads = Array.from(
    { length: 10 },
    () => start('Atomics.wait(task, 0, 0);', new Int32Array(new SharedArrayBuffer(4))).thread,
  );
  await Promise.all(threads.map((thread) => thread.terminate()));
  for (const thread of threads) expect(await thread.ended).toEqual({ code: 1, error: undefined });
  await threads[0]?.terminate();
});

/** Prints the cache of compiled modules of a process and of its thread. */
const printCaches = `
  import { enableCompileCache, getCompileCacheDir } from 'node:module';
  const [threadFile, folder] = process.argv.slice(1);
  if (folder !== '') enableCompileCache(folder);
  const { WorkerThread } = await import(threadFile);
  const code = "import m from 'node:module'; import t from 'node:worker_threads';" +
    "t.parentPort.postMessage(m.getCompileCacheDir() ?? '');";
  const thread = new WorkerThread({
    file: new URL('data:text/javascript,' + encodeURIComponent(code)),
    name: 'tested',
    onMessage: (own) => console.log(JSON.stringify([getCompileCacheDir() ?? '', own])),
  });
  await thread.ended;
`;

test.each([mkdtempSync(join(tmpdir(), 'compiled-')), ''])(
  "a thread uses its process's cache of compiled modules, here in '%s'",
  (folder) => {
    const file = new URL('../dist/worker-thread.js', import.meta.url).href;
    const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
    const [own = '', ofThread] = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', printCaches, file, folder], {
        env,
        encoding: 'utf8',
      }),
    ) as string[];
    expect(own.startsWith(folder)).toBe(true);
    expect(own === '').toBe(folder === '');
    expect(ofThread).toBe(own);
  },
);

test('built files of threads exist', () => {
  for (const path of ['member/entry.js', 'workload/paced-producer-worker.js'] as const) {
    expect(existsSync(builtFile(path))).toBe(true);
  }
});
