import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveBrokers } from '../../src/brokers/resolve.ts';
import { compareAb } from '../../src/compare/compare-ab.ts';
import { runAb } from '../../src/measure/ab-runs.ts';
import { makeTopic } from '../../src/measure/make-topic.ts';
import { buildSlow } from './slow-build.ts';

const usage = `npm run bench:detection -- [--trials 20] [--pairs 8] [--runs 5] [--records 1000000] [--slower 10] [--max-regression 5] [--seed 1]

How often the gate of bench --ab calls a planted slowdown of --slower % CPU time a record a regression, and how often it calls the
same program against itself one. Each trial is one bench --ab of lane drain with one member: --pairs pairs of processes, each of which
drains the topic --runs times.`;

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '20' },
    pairs: { type: 'string', default: '8' },
    runs: { type: 'string', default: '5' },
    records: { type: 'string', default: '1000000' },
    slower: { type: 'string', default: '10' },
    'max-regression': { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const number = (name: 'trials' | 'pairs' | 'runs' | 'records' | 'slower' | 'max-regression' | 'seed'): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`error: --${name}: '${values[name]}' is no number above 0\n`);
  process.exit(2);
};
const [trials, pairs, runs, records] = [number('trials'), number('pairs'), number('runs'), number('records')];
const maxRegression = number('max-regression') / 100;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stop.abort();
  });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const progress = { signal: stop.signal, log: () => undefined, warn: say, live: () => undefined };

interface Trial {
  readonly kind: 'slower' | 'same';
  readonly verdict: string;
  readonly seconds: number;
}

async function measure(): Promise<Trial[]> {
  const brokers = await resolveBrokers({
    properties: {},
    source: 'managed',
    timeoutMs: 30_000,
    signal: stop.signal,
    log: say,
  });
  const slow = await buildSlow(number('slower') / 100);
  const same = join(import.meta.dirname, '../../dist/cli.js');
  const made: Trial[] = [];
  try {
    const topic = `detection-${randomUUID().slice(0, 8)}`;
    const { connection } = brokers;
    const workload = { type: 'book' } as const;
    await makeTopic(
      {
        connection,
        topic,
        partitions: 4,
        replicationFactor: undefined,
        workload,
        records,
        lanes: ['drain'],
        workUs: 1,
        tokenizer: 'unicode',
        timeoutMs: 30_000,
      },
      progress,
    );
    for (let trial = 1; trial <= trials; trial += 1) {
      for (const kind of ['slower', 'same'] as const) {
        const sinceMs = performance.now();
        const b = kind === 'slower' ? slow.cli : same;
        const samples = await runAb(
          {
            a: same,
            b,
            bootstrapServers: connection.bootstrapServers,
            topic,
            lanes: ['drain'],
            members: [1],
            pairs,
            runsEach: runs,
            workUs: 1,
            seed: number('seed') + trial,
            flags: [],
          },
          progress,
        );
        const { verdict, rows } = compareAb(samples, { a: 'program', b: kind }, { maxRegression, alpha: 0.05 });
        const seconds = (performance.now() - sinceMs) / 1_000;
        const changes = rows
          .filter(({ members }) => members === 'all')
          .map(({ measure: name, change = NaN, low = NaN, high = NaN, pValue = NaN }) => {
            const percent = (share: number): string => (100 * share).toFixed(1);
            return `${name} ${percent(change)} % (${percent(low)} to ${percent(high)}, p ${pValue.toFixed(3)})`;
          });
        say(`trial ${trial}, ${kind}: ${verdict} in ${seconds.toFixed(0)} s; ${changes.join('; ')}`);
        made.push({ kind, verdict, seconds });
      }
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await slow.remove();
    await brokers.close();
  }
  return made;
}

const made = await measure();
for (const kind of ['slower', 'same'] as const) {
  const own = made.filter((trial) => trial.kind === kind);
  const regressions = own.filter(({ verdict }) => verdict === 'regression').length;
  const inconclusive = own.filter(({ verdict }) => verdict === 'inconclusive').length;
  const seconds = own.reduce((sum, trial) => sum + trial.seconds, 0) / Math.max(1, own.length);
  const name = kind === 'slower' ? `${number('slower')} % slower` : 'the same';
  process.stdout.write(
    `${name}: a regression in ${regressions} of ${own.length}, inconclusive in ${inconclusive}; ${seconds.toFixed(0)} s a trial\n`,
  );
}
process.exitCode = stop.signal.aborted ? 130 : 0;
