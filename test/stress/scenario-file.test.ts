import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { allFaultKinds } from '../../src/stress/faults/all-faults.ts';
import { parseScenario, scenarioFaults } from '../../src/stress/scenario-file.ts';

const folder = join(import.meta.dirname, '..', '..', 'scenarios');

function messageOf(text: string): string {
  try {
    parseScenario(text, 'my.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ClusterError);
    expect((error as ClusterError).exitCode).toBe(2);
    return (error as ClusterError).message;
  }
  throw new Error('it was accepted');
}

test.each(readdirSync(folder))('%s is a scenario: the same seed gives the same faults, which end in time', (file) => {
  const scenario = parseScenario(readFileSync(join(folder, file), 'utf8'), file);
  const faults = scenarioFaults(scenario, 5, allFaultKinds);
  expect(faults).toEqual(scenarioFaults(scenario, 5, allFaultKinds));
  expect(faults.length).toBeGreaterThan(2);
  for (const { atMs, durationMs } of faults) expect(atMs + durationMs).toBeLessThanOrEqual(scenario.duration);
});

test('reports all errors at once, each with its line', () => {
  const message = messageOf(`duration: soon
mebers: 3
rate: 0
faults:
  - kind: flood
    at: 1s
  - { kind: crash, at: 1s, size: 3 }
`);
  expect(message).toMatch(/line 1: duration: 'soon' is not a duration/);
  expect(message).toMatch(/line 2: unknown key 'mebers'/);
  expect(message).toMatch(/line 3: rate: /);
  expect(message).toMatch(/line 5: kind: unknown fault 'flood'/);
  expect(message).toMatch(/line 7: unknown key 'size'/);
});

test('rejects faults that end too late, and files without faults', () => {
  expect(messageOf('duration: 5s\nfaults:\n  - { kind: broker-kill, at: 4s, for: 2s }\n')).toMatch(
    /line 3: .*beyond the end of the run/,
  );
  expect(messageOf('duration: 5s\n')).toMatch(/line 1: neither faults nor mix/);
  expect(messageOf('duration: [5s\n')).toMatch(/my\.yaml line \d/);
});

test('repeats a fault until the end, or the given number of times', () => {
  const times = (line: string): number[] =>
    scenarioFaults(parseScenario(`duration: 10s\nfaults:\n  - ${line}\n`, ''), 1, []).map(({ atMs }) => atMs);
  expect(times('{ kind: crash, at: 1s, every: 3s }')).toEqual([1_000, 4_000, 7_000, 10_000]);
  expect(times('{ kind: crash, at: 1s, every: 3s, times: 2 }')).toEqual([1_000, 4_000]);
  expect(times('{ kind: stall, at: 1s, for: 2s, every: 4s }')).toEqual([1_000, 5_000]);
});
