import { expect, test } from 'vitest';
import { benchConfig, type BenchFlags } from '../../src/config/bench.ts';
import { benchRules } from '../../src/config/bench-rules.ts';
import { checkRules } from '../../src/config/options/rules.ts';

const defaults: BenchFlags = {
  ...{ warmUp: 1, maxTime: 600_000, workUs: 100, rate: 5_000, duration: 30_000, findCapacity: false, p99Ms: 50 },
  ...{ seed: 1, partitions: 4, groupProtocol: 'classic', assignmentStrategy: 'range', tokenizer: 'unicode' },
  ...{ memoryMib: 128, durable: false, commitInterval: 1_000 },
};

function check(given: Partial<BenchFlags>): void {
  checkRules(benchRules, { ...defaults, ...given }, (name) => name in given);
}

test('a bench without options measures five group sizes in two lanes', () => {
  const config = benchConfig(defaults);
  expect(config).toEqual({ ...defaults, lane: ['drain', 'work'], members: [1, 2, 3, 4, 5], repetitions: 3 });
  expect(Object.isFrozen(config)).toBe(true);
  check({});
});

test('defaults depend on the lanes and on --ab', () => {
  expect(benchConfig({ ...defaults, lane: ['latency'] })).toMatchObject({ members: [2], repetitions: 3 });
  expect(benchConfig({ ...defaults, lane: ['latency', 'drain'] })).toMatchObject({ members: [1, 2, 3, 4, 5] });
  const ab = { ...defaults, ab: ['main', 'HEAD'] } as const;
  expect(benchConfig(ab)).toMatchObject({ lane: ['drain'], members: [1, 4], repetitions: 10 });
  expect(benchConfig({ ...ab, lane: ['work'], members: [2], repetitions: 5 })).toMatchObject({
    ...{ lane: ['work'], members: [2], repetitions: 5 },
  });
});

test.each<[Partial<BenchFlags>, string]>([
  [{ topic: 't', numRecords: 5, partitions: 4 }, '--partitions and --num-records have no effect with --topic'],
  [{ lane: ['drain', 'latency'], topic: 't' }, '--topic has no effect'],
  [{ lane: ['latency'], numRecords: 5 }, '--num-records has no effect'],
  [{ rate: 100 }, '--rate has no effect without --lane latency'],
  [{ lane: ['rebalance'], duration: 5_000 }, '--duration has no effect without --lane latency'],
  [{ lane: ['latency'], p99Ms: 5 }, '--p99-ms has no effect without --find-capacity'],
  [{ lane: ['drain'], workUs: 5 }, '--work-us has no effect without --lane work'],
  [{ lane: ['rebalance'], members: [2] }, '--members has no effect with --lane rebalance alone'],
  [{ lane: ['drain', 'rebalance', 'latency'], durable: true }, '--durable has no effect on --lane rebalance,latency'],
  [{ commitInterval: 5 }, '--commit-interval has no effect without --durable'],
  [{ maxTime: 5 }, '--max-time has no effect without --until-precision'],
  [{ groupProtocol: 'consumer', sessionTimeout: 5 }, '--session-timeout has no effect with --group-protocol consumer'],
  [{ input: ['a'], vocabulary: 5 }, '--input and --vocabulary are mutually exclusive'],
  [{ lane: ['latency'], rate: 10_000_000 }, '--lane latency would keep the timestamps of 900,000,000 records'],
])('%j is a usage error', (given, message) => {
  expect(() => {
    check(given);
  }).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) as string }));
});

test.each<Partial<BenchFlags>>([
  { lane: ['latency'], rate: 100, duration: 5_000, findCapacity: true, p99Ms: 5, members: [1] },
  { lane: ['rebalance'], rate: 100, partitions: 8 },
  { topic: 't', lane: ['work'], workUs: 5, untilPrecision: 0.1, maxTime: 5 },
  { input: ['a'], numRecords: 5, seed: 7 },
  { lane: ['drain', 'work'], durable: true, commitInterval: 5 },
])('%j is allowed', (given) => {
  check(given);
});

test('the first problem is the message, all others are in the hint', () => {
  expect(() => {
    check({ rate: 5, maxTime: 5 });
  }).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('--rate ') as string,
      hint: expect.stringMatching(/^omit --rate; --max-time has no effect/) as string,
    }),
  );
});
