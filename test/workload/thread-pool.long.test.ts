import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFigures } from '../../src/stress/process-figures.ts';
import { sleep } from '../../src/time/sleep.ts';
import { withThreadPool, type PerformTask, type TaskFailed } from '../../src/workload/thread-pool.ts';

interface Done {
  readonly type: 'done';
  readonly ms: number;
}

let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thread-pool-'));
  file = join(folder, 'busy.mjs');
  await writeFile(
    file,
    `export default (ms) => {
      const start = performance.now();
      while (performance.now() - start < ms);
      if (ms < 0) return { type: 'failed', error: { code: 'input', message: 'a negative time' } };
      return { type: 'done', ms };
    };`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pool = <Result>(
  work: (perform: PerformTask<number, Done | TaskFailed>) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> => withThreadPool({ file: pathToFileURL(file), threads: 2, signal }, work);

const isolates = (): number => processFigures()?.eventLoops ?? NaN;

/** A thread that started late would be visible after this time. */
async function expectNoMore(before: number): Promise<void> {
  expect(isolates()).toBe(before);
  await sleep(300);
  expect(isolates()).toBe(before);
}

// A pool with a minimum of threads leaves one when it ends just after an idle one was asked to end:
// some durations cause that.
test('tasks of any duration leave no thread', async () => {
  const before = isolates();
  for (let ms = 0; ms < 40; ms += 0.25) {
    const outcomes = await pool((perform) => Promise.all([perform(ms), perform(ms)]));
    expect(outcomes.map((outcome) => outcome.ms)).toEqual([ms, ms]);
  }
  await expectNoMore(before);
});

test('aborted tasks leave no thread, and the reason is thrown', async () => {
  const before = isolates();
  for (let round = 0; round < 10; round += 1) {
    const stop = new AbortController();
    const aborted = pool((perform) => {
      setTimeout(() => {
        stop.abort(new Error('stopped'));
      }, round * 10);
      return Promise.all([perform(60_000), perform(60_000), perform(60_000)]);
    }, stop.signal);
    await expect(aborted).rejects.toThrow('stopped');
  }
  await expectNoMore(before);
});

test('a thread that is ended while it loads the module of its tasks leaves the process alive', async () => {
  const loading = new BroadcastChannel('loading');
  const slow = join(folder, 'slow.mjs');
  await writeFile(
    slow,
    `import './wait.mjs';
    export default () => new Promise(() => setTimeout(() => {}, 60_000));`,
  );
  await writeFile(
    join(folder, 'wait.mjs'),
    `const channel = new BroadcastChannel('loading');
    channel.postMessage('started');
    channel.close();
    const start = performance.now();
    while (performance.now() - start < 2);`,
  );
  const before = isolates();
  const rounds = 60;
  for (let round = 0; round < rounds; round += 1) {
    const stop = new AbortController();
    loading.onmessage = () => {
      const start = performance.now();
      while (performance.now() - start < (4 * round) / rounds);
      stop.abort(new Error('stopped'));
    };
    const aborted = withThreadPool<number, Done | TaskFailed, Done>(
      { file: pathToFileURL(slow), threads: 1, signal: stop.signal },
      (perform) => perform(0),
    );
    await expect(aborted).rejects.toThrow('stopped');
  }
  loading.close();
  await expectNoMore(before);
});

test('a failure keeps its code, and leaves no thread', async () => {
  const before = isolates();
  const failed = pool((perform) => Promise.all([perform(-1), perform(20)]));
  await expect(failed).rejects.toMatchObject({ code: 'input', message: 'a negative time' });
  await expectNoMore(before);
});

test('a thread that cannot load the module of its tasks is an error, and leaves no thread', async () => {
  const before = isolates();
  const broken = join(folder, 'broken.mjs');
  await writeFile(broken, "throw new Error('a broken module');");
  const failed = withThreadPool<number, Done | TaskFailed, Done>(
    { file: pathToFileURL(broken), threads: 1, signal: undefined },
    (perform) => perform(0),
  );
  await expect(failed).rejects.toThrow('a broken module');
  await expectNoMore(before);
});
