import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PeerTask } from '../../bench/peers/peer.ts';
import { programPeer, type RunFiles } from '../../bench/peers/program-peer.ts';

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function task(signal = new AbortController().signal): PeerTask {
  return {
    connection: { bootstrapServers: '127.0.0.1:1', source: 'external', properties: {} },
    topic: {
      topic: 't',
      workload: { type: 'book' },
      endOffsets: [1],
      records: 1,
      bytes: 1,
      words: 1,
      counts: new Map(),
    },
    runId: `run-${randomUUID()}`,
    folder,
    signal,
  };
}

/** A row whose program is a piece of JavaScript with the names of its files in `argv`. */
function scriptPeer(script: string): ReturnType<typeof programPeer> {
  return programPeer({
    name: 'script',
    title: 'a script',
    lane: 'count',
    members: 1,
    settings: {},
    command: (_, files: RunFiles) => [process.execPath, '-e', script, files.result, files.counts],
  });
}

const writeResult = `
  const { writeFileSync } = require('node:fs');
  const [, result, counts] = process.argv;
  const write = (value) => {
    writeFileSync(counts, 'whale\\t3\\nthe\\t9\\n');
    writeFileSync(result, JSON.stringify(value));
  };
`;

test('CPU time and memory are measured while the clock of the program runs', async () => {
  // It keeps a core busy, and fills memory, before, during and after; it reports what it had
  // meanwhile as its records and bytes.
  const script = `${writeResult}
    const usedMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    const burn = (ms) => { const endedAtMs = usedMs() + ms; while (usedMs() < endedAtMs); };
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    (async () => {
      burn(300);
      const kept = [Buffer.alloc(100 * 2 ** 20, 1)];
      const startedAtMs = Date.now();
      const beforeMs = usedMs();
      burn(600);
      const cpuMs = usedMs() - beforeMs;
      const endedAtMs = Date.now();
      const bytes = process.resourceUsage().maxRSS * 1024;
      // Long for a sampler that comes late: the first sample after the end is to be of this rest.
      await sleep(5000);
      kept.push(Buffer.alloc(200 * 2 ** 20, 1));
      burn(300);
      write({ startedAtMs, endedAtMs, records: Math.round(cpuMs), bytes });
    })();`;
  let [lastMs, gapMs] = [performance.now(), 0];
  const timer = setInterval(() => {
    const nowMs = performance.now();
    [lastMs, gapMs] = [nowMs, Math.max(gapMs, nowMs - lastMs)];
  }, 20);
  const run = await scriptPeer(script).run(task());
  clearInterval(timer);
  // Samples are 20 ms apart and of ticks of 10 ms. Between two of them that lie `gap` apart, use is
  // taken as uniform: of b ms of work and r ms of rest that is wrong by at most b * r / gap.
  expect(Math.abs(run.cpuMs - run.records)).toBeLessThan(150 + gapMs / 4);
  expect(Math.abs(run.peakRssBytes - run.bytes)).toBeLessThan(30 * 2 ** 20);
  expect(run.counts).toEqual(
    new Map([
      ['whale', 3],
      ['the', 9],
    ]),
  );
});

test.each([
  ['fails', 'console.log("cannot go on"); process.exit(3)', /exit code 3.*cannot go on/s],
  ['reports nothing', 'process.exit(0)', /ENOENT/],
  [
    'reports invalid numbers',
    `${writeResult} write({ startedAtMs: 0, endedAtMs: 1, records: -1, bytes: 0 })`,
    /startedAtMs/,
  ],
])('a program that %s is an error', async (_, script, message) => {
  await expect(scriptPeer(script).run(task())).rejects.toThrow(message);
});

test('an interruption ends the program at once and leaves no file', async () => {
  const abort = new AbortController();
  const running = task(abort.signal);
  const reason = new Error('interrupted');
  const marker = randomUUID();
  const run = scriptPeer(`setInterval(() => {}, 1000); '${marker}'`).run(running);
  await expect.poll(() => processesWith(marker).length, { timeout: 20_000 }).toBeGreaterThan(0);
  abort.abort(reason);
  await expect(run).rejects.toBe(reason);
  expect(processesWith(marker)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}
