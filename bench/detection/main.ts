import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { makeTopic } from '../../src/benchmark/make-topic.ts';
import { judgeTrial, renderRates } from './rates.ts';
import { gates, readArguments, type Settings } from './settings.ts';
import { buildSlow, moreCpuTime, moreServiceTime } from './slow-build.ts';
import { measureTrial, type Programs, type Trial } from './trials.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stop.abort();
  });
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const given = readArguments();
if (given !== undefined) {
  const { settings, raw, atMost, markdown } = given;
  const trials = await readTrials(raw, settings);
  const last = Math.min(settings.trials, trials.length + atMost);
  if (trials.length < last) {
    await withPrograms(settings, async (programs) => {
      while (trials.length < last) {
        const trial = await measureTrial(trials.length + 1, settings, programs, stop.signal);
        trials.push(trial);
        await appendFile(raw, `${JSON.stringify({ settings: measuredBy(settings), ...trial })}\n`);
        say(judgeTrial(trial, settings).line);
      }
    }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }
  const text = renderRates(trials, settings);
  process.stdout.write(text);
  if (markdown !== undefined) await writeFile(markdown, text);
  process.exitCode = stop.signal.aborted ? 130 : 0;
}

/**
 * The settings that two trials must share to be counted together; how they are judged may differ.
 */
function measuredBy({ gate, lane, members, pairs, runs, records, workUs, slower }: Settings): object {
  return { gate, lane, members, pairs, runs, records, workUs, slower };
}

async function readTrials(raw: string, settings: Settings): Promise<Trial[]> {
  if (!existsSync(raw)) return [];
  const lines = (await readFile(raw, 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const { settings: other, ...trial } = JSON.parse(line) as Trial & { readonly settings: object };
    if (JSON.stringify(other) === JSON.stringify(measuredBy(settings))) return trial;
    throw new Error(`${raw} has trials of other settings (${JSON.stringify(other)}): name another file with --raw`);
  });
}

async function withPrograms(settings: Settings, use: (programs: Programs) => Promise<void>): Promise<void> {
  const { gate, lane, records, slower } = settings;
  const slowdown = { drain: moreCpuTime(slower), work: moreServiceTime(slower, gates[gate].slowMembersMin) }[lane];
  const slow = await buildSlow(slowdown);
  const timeoutMs = 30_000;
  const brokers = await resolveBrokers({
    ...{ properties: {}, source: 'managed', timeoutMs, signal: stop.signal, log: say },
  });
  try {
    const topic = `detection-${randomUUID().slice(0, 8)}`;
    const { connection } = brokers;
    await makeTopic(
      {
        ...{ connection, topic, partitions: 4, replicationFactor: undefined, workload: { type: 'book' } },
        ...{ records, serviceTimesUs: [0], tokenizer: 'unicode', timeoutMs },
      },
      { signal: stop.signal, log: () => undefined, warn: say, live: () => undefined, notice: () => undefined },
    );
    const same = join(import.meta.dirname, '../../dist/cli.js');
    await use({ same, slow: slow.cli, bootstrapServers: connection.bootstrapServers, topic });
  } finally {
    await brokers.close();
    await slow.remove();
  }
}
