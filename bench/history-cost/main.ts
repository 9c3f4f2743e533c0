/**
 * Cost of fencing, journal and history where it weighs most, in plain draining: `npm run bench --
 * history`. The same topic is drained in turn with a history, without one, and by a copy of the
 * program that has neither lease nor journal. Options: --records N (1,000,000), --rounds N (10),
 * --members N (1).
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { groupDefaults } from '../../src/config/group.ts';
import { makeTopic } from '../../src/benchmark/make-topic.ts';
import type { RunOptions } from '../../src/benchmark/run-once.ts';
import { seededRandom, shuffled } from '../../src/seeded-random.ts';
import { ratioOfMedians, samplesOf } from '../../src/statistics/statistics.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import { buildDirect } from './direct-build.ts';

interface Measuring {
  readonly runOnce: (options: RunOptions) => Promise<RunReport>;
}

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '10' },
    members: { type: 'string', default: '1' },
  },
});
const [records, rounds, members] = [Number(values.records), Number(values.rounds), Number(values.members)];
const stopped = new AbortController();
process.once('SIGINT', () => {
  stopped.abort(new Error('interrupted'));
});
const { signal } = stopped;
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const brokers = await startManagedBrokers({ log });
const direct = buildDirect();
try {
  const ours = (await import(new URL('../../dist/benchmark/run-once.js', import.meta.url).href)) as Measuring;
  const without = (await import(new URL('measure/run-once.js', direct.dist).href)) as Measuring;
  const variants = {
    'with history': (options: RunOptions) => ours.runOnce({ ...options, history: true }),
    'without history': (options: RunOptions) => ours.runOnce({ ...options, history: false }),
    'without lease, journal and history': (options: RunOptions) => without.runOnce({ ...options, history: false }),
  };
  const { connection } = brokers;
  const topic = await makeTopic(
    {
      connection,
      topic: 'history-cost',
      partitions: 4,
      replicationFactor: undefined,
      workload: { type: 'book' },
      records,
      serviceTimesUs: [0],
      tokenizer: 'unicode',
      timeoutMs: 30_000,
    },
    { signal, log, warn: log, live: () => undefined, notice: () => undefined },
  );
  const target = topic.targets.get(0);
  if (target === undefined) throw new Error('no range');
  const random = seededRandom(1);
  const samples = new Map<string, RunReport[]>(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of shuffled(Object.entries(variants), random)) {
      signal.throwIfAborted();
      const report = await run({
        run: { lane: 'drain', members, repetition: round, warmUp: round === 0 },
        target,
        topic: topic.topic,
        connection,
        group: { ...groupDefaults, groupId: `cost-${randomUUID().slice(0, 8)}` },
        signal,
        onNotice: log,
      });
      if (!report.verified) throw new Error(`${name}: counted wrong: ${report.differences?.join('; ') ?? ''}`);
      log(`${round === 0 ? 'warm-up' : `round ${round}`}  ${name}: ${Math.round(report.recordsPerSecond)} records/s`);
      if (round > 0) samples.get(name)?.push(report);
    }
  }
  const of = (name: string, value: (report: RunReport) => number): ReturnType<typeof samplesOf> =>
    samplesOf((samples.get(name) ?? []).map(value));
  const compare = (what: string, name: string, to: string, value: (report: RunReport) => number): string => {
    const { ratio, interval } = ratioOfMedians(of(name, value), of(to, value));
    const percent = (share: number): string => `${((share - 1) * 100).toFixed(1)} %`;
    return `${what}: ${percent(ratio)} (${percent(interval.low)} to ${percent(interval.high)}) ${name} against ${to}`;
  };
  const pairs = [
    ['with history', 'without history'],
    ['with history', 'without lease, journal and history'],
  ] as const;
  const lines = pairs.flatMap(([name, to]) => [
    compare('time', name, to, ({ durationMs }) => durationMs),
    compare('CPU time', name, to, ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord),
  ]);
  process.stdout.write(`${rounds} rounds of ${records} records, ${members} members; medians and 95 % intervals\n`);
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  direct.remove();
  await brokers.stop();
}
