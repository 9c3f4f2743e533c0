import { expect, test } from 'vitest';
import { parseBenchConfig } from '../../src/config/bench.ts';

const defaults = {
  members: [1, 2, 3, 4, 5],
  repetitions: 3,
  warmUp: 1,
  maxTime: 600_000,
  maxRegression: 0.05,
  alpha: 0.05,
  lane: ['drain', 'work'],
  workUs: 100,
  groupProtocol: 'classic',
  assignmentStrategy: 'range',
  sessionTimeout: 3_000,
  tokenizer: 'unicode',
  memoryMib: 128,
  brokers: 'managed',
  timeout: 10_000,
};

test('the options of a plain bench are a configuration, frozen', () => {
  const config = parseBenchConfig(defaults);
  expect(config).toEqual(defaults);
  expect(Object.isFrozen(config)).toBe(true);
});

test.each<[string, object, string]>([
  ['a topic that is also to be filled', { topic: 't', numRecords: 5 }, '--num-records: '],
  ['a topic that is also to be created', { topic: 't', partitions: 4 }, '--partitions: '],
  ['a number out of range', { workUs: 0 }, '--work-us: '],
  ['no members', { members: [] }, '--members: '],
  ['a lane that is none', { lane: ['swim'] }, '--lane: '],
  ['a picture of what is not measured', { svg: 'owners.svg' }, '--svg: draws lane rebalance'],
  ['an option that nobody knows', { fast: true }, 'fast'],
])('%s is a usage error that names the flag', (_, options, message) => {
  expect(() => parseBenchConfig({ ...defaults, ...options })).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) as string }),
  );
});

test('all problems are told: the first as message, the others as hint', () => {
  expect(() => parseBenchConfig({ ...defaults, repetitions: 0, workUs: -1 })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('--repetitions: ') as string,
      hint: expect.stringContaining('--work-us: ') as string,
    }),
  );
});
