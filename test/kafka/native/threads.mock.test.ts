import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { nativeClientFile } from '../../../src/kafka/native/native-client.ts';
import { largest } from '../../../src/statistics/extremes.ts';

const run = promisify(execFile);
const bindingFile = nativeClientFile();

/** In a separate process: the errors that these tests look for end the whole process. */
async function inProcess(fixture: string, options: object, timeoutMs: number): Promise<unknown> {
  const file = new URL(`../../fixtures/kafka/${fixture}`, import.meta.url).pathname;
  const args = ['--expose-gc', file, JSON.stringify({ bindingFile, ...options })];
  // With an arena per thread, malloc takes new memory for a thousand rounds before it reuses freed
  // memory. glibc overwrites what is freed with the other value, so that its use ends the process.
  const env = { ...process.env, MALLOC_ARENA_MAX: '1', MALLOC_PERTURB_: '165' };
  const { stdout } = await run(process.execPath, args, { timeout: timeoutMs, killSignal: 'SIGKILL', env });
  return JSON.parse(stdout);
}

test('eight workers load the client at once, 50 times', async () => {
  expect(await inProcess('load-race.js', { workers: 8, rounds: 50 }, 280_000)).toEqual({ loaded: 400 });
});

test('the process ends at once while its threads are at work', async () => {
  for (let round = 0; round < 8; round += 1) {
    // It exits with code 3 and is killed when it does not within 110 s.
    await expect(inProcess('exit-at-work.js', {}, 110_000)).rejects.toMatchObject({ code: 3, signal: null });
  }
});

interface StormReport {
  readonly rounds: number;
  /**
   * Keys are ways. Longest time of a terminate() beyond twice the time without the client at the
   * same time.
   */
  readonly excessMsMax: Readonly<Record<string, number>>;
  /** Anonymous memory while no worker exists. */
  readonly samples: readonly { readonly memoryMib: number }[];
}

const seed = Number(process.env['STORM_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['STORM_ROUNDS'] ?? 500);

/** Ways in which this program uses the client. */
const ourWays = [
  'member',
  'member',
  'member',
  'closing',
  'mute',
  'producing',
  'transacting',
  'readingKeyed',
  'throwing',
  'exiting',
  'forgetting',
];
/** Other calls of the client, which use libuv's thread pool. */
const otherWays = ['asyncConnect', 'asyncConsume', 'asyncFlow', 'asyncDisconnect', 'asyncProduce', 'asyncAdmin'];

/** Clients whose disconnect() meets their other calls. */
const waysAtOnce = ['producerAtOnce', 'consumerAtOnce', 'transactionAtOnce', 'adminAtOnce', 'connectionAtOnce'];

/**
 * Longest time of a terminate() beyond that of a thread without the client. A hang lasts for ever,
 * or until socket.timeout.ms (60 s) or session.timeout.ms (45 s) ends it. Slowness does not: on two
 * cores that other tests kept busy (load 13) a terminate() took 1.4 s. Jobs in libuv's pool are
 * waited for, at most 0.3 s each, behind those of the other threads.
 */
const hangMs = 5_000;

/**
 * Growth that is a leak: ten empty isolates have as much, and each storm's second half ends 30 threads
 * or more. Without a leak the same storm has between 37 and 91 MiB at any sample, because V8 and malloc
 * return freed memory now and then; the largest growth of more than 80 storms was 19 MiB (Node 22, 24
 * and 26, load 2 to 25). Smaller leaks show in `npm run test:storm`.
 */
const keptMibMax = 64;

test.each([
  { name: 'as we use it', ways: ourWays, share: 0.7, lifeMsMax: 800 },
  { name: 'in the other ways that there are', ways: otherWays, share: 0.3, lifeMsMax: 800 },
  // Lives that are long enough for some clients each.
  { name: 'in many ways at once', ways: waysAtOnce, share: 0.12, lifeMsMax: 2_000 },
])(
  'a thread that uses the client $name can be terminated at any time',
  { timeout: rounds * 2_000 },
  async ({ ways, share, lifeMsMax }) => {
    console.log(`STORM_SEED=${seed} STORM_ROUNDS=${rounds}`);
    const options = { rounds: Math.ceil(rounds * share), seed, ways, slots: 4, lifeMsMax };
    const report = (await inProcess('storm.js', options, rounds * 2_000)) as StormReport;
    console.log(JSON.stringify(report));
    for (const [way, excessMs] of Object.entries(report.excessMsMax)) expect(excessMs, way).toBeLessThan(hangMs);
    const highestMib = (samples: StormReport['samples']): number => largest(samples.map(({ memoryMib }) => memoryMib));
    const half = Math.ceil(report.samples.length / 2);
    expect(highestMib(report.samples.slice(half)) - highestMib(report.samples.slice(0, half))).toBeLessThan(keptMibMax);
  },
);
