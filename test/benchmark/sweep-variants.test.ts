import { expect, test } from 'vitest';
import { variantRows } from '../../src/benchmark/experiments/variant-rows.ts';
import { readSweptProperty, variantsOf } from '../../src/benchmark/experiments/sweep/sweep-variants.ts';
import { sweepSection } from './sample-sections.ts';

const classic = { groupProtocol: ['classic'], assignmentStrategy: ['range'] } as const;
const nothing = [{ label: '', properties: {} }] as const;

test('creates a variant for each value of a property, in the given order', async () => {
  const properties = await readSweptProperty('fetch.min.bytes=1,65536');
  expect(variantsOf({ properties, members: [2], ...classic })).toEqual([
    {
      ...{ label: 'fetch.min.bytes=1', members: 2, groupProtocol: 'classic', assignmentStrategy: 'range' },
      properties: { 'fetch.min.bytes': '1' },
    },
    {
      ...{ label: 'fetch.min.bytes=65536', members: 2, groupProtocol: 'classic', assignmentStrategy: 'range' },
      properties: { 'fetch.min.bytes': '65536' },
    },
  ]);
});

test('combines lists; the consumer protocol has no assignment strategy', () => {
  const variants = variantsOf({
    properties: nothing,
    members: [1, 2],
    groupProtocol: ['classic', 'consumer'],
    assignmentStrategy: ['range', 'cooperative-sticky'],
  });
  expect(variants.map(({ label }) => label)).toEqual([
    'members=1, range',
    'members=1, cooperative-sticky',
    'members=1, consumer',
    'members=2, range',
    'members=2, cooperative-sticky',
    'members=2, consumer',
  ]);
  expect(variants.filter(({ groupProtocol }) => groupProtocol === 'consumer')).toEqual(
    variants.filter(({ assignmentStrategy }) => assignmentStrategy === undefined),
  );
});

test('rejects a single variant and more than 64 variants', () => {
  expect(() => variantsOf({ properties: nothing, members: [2], ...classic })).toThrow('only one variant');
  const members = Array.from({ length: 64 }, (_, index) => index + 1);
  expect(variantsOf({ properties: nothing, members, ...classic })).toHaveLength(64);
  const twice = { ...classic, groupProtocol: ['classic', 'consumer'] } as const;
  expect(() => variantsOf({ properties: nothing, members, ...twice })).toThrow('128 variants; the limit is 64');
});

test.each([
  ['sasl.password=hunter2,hunter3', 'sasl.password is a secret'],
  ['ssl.key.password=hunter2,hunter3', 'ssl.key.password is a secret'],
  ['linger.ms=1,2', 'a property of producers'],
  ['group.id=a,b', 'is set by the program'],
  ['fetch.min.bytes=1,many', 'must be a number'],
  ['fetch.min.bytes=1,1', 'different values'],
  ['fetch.min.bytes', 'is not PROPERTY=VALUE,VALUE'],
  ['nonsense=1,2', 'unknown property nonsense'],
])('rejects %s without repeating its values', async (text, message) => {
  const error: unknown = await readSweptProperty(text).catch((caught: unknown) => caught);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toMatch(/hunter|many/);
});

test('a row has the median without warm-ups, the range and the ratio to the first variant', () => {
  const { variants, runs } = sweepSection();
  expect(variantRows(variants, runs)).toMatchObject([
    { variant: 0, runs: 2, recordsPerSecond: 1_000, range: { low: 1_000, high: 1_000 }, ratio: 1 },
    { variant: 1, runs: 2, recordsPerSecond: 2_000, range: { low: 1_900, high: 2_100 }, ratio: 2 },
  ]);
  expect(variantRows(variants, runs.slice(0, 1))).toEqual([]);
  expect(variantRows(variants, runs.slice(2, 3))).toMatchObject([{ variant: 1, runs: 1 }]);
  expect(variantRows(variants, runs.slice(2, 3))[0]).not.toHaveProperty('ratio');
});
