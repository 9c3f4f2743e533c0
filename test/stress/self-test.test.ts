import { expect, test } from 'vitest';
import { parseScenario, scenarioFaults } from '../../src/stress/scenario-file.ts';
import { mutants } from '../../src/stress/mutants/mutant-list.ts';
import { protocolNames } from '../../src/config/group-protocols.ts';
import { judged, scenarioOf } from '../../src/stress/self-test-schedule.ts';
import { controlMixes, mixOf } from '../../src/stress/self-test.ts';
import { possibleProcessKinds } from '../../src/stress/processes/process-faults.ts';
import { ProcessChecks } from '../../src/stress/processes/process-checks.ts';
import { StressSummary } from '../../src/stress/summary.ts';
import { allChecks } from '../../src/verify/all-checks.ts';

const ofProcess = mutants.filter(({ processes }) => processes !== undefined);
/** Mutants of durable groups run in their simulation, which has its own checks, or across processes. */
const inProcess = mutants.filter((mutant) => !ofProcess.includes(mutant) && mutant.simulated !== 'durable');

test.each(inProcess)('$name is judged by existing checks, in a fault mix that is a scenario', (mutant) => {
  const names = allChecks.map(({ name }) => name as string);
  expect(mutant.judges.length).toBeGreaterThan(0);
  expect(mutant.judges.filter((check) => !names.includes(check))).toEqual([]);
  const scenario = parseScenario(scenarioOf(mixOf(mutant)), 'mix');
  const kinds = new Set(scenarioFaults(scenario, 1, []).map(({ kind }) => kind));
  for (const kind of mutant.faults ?? []) expect(kinds).toContain(kind);
});

test.each(ofProcess)('$name is judged by checks of runs across processes, with their faults', ({ judges, faults }) => {
  const names = new ProcessChecks(() => undefined).finish({}).map(({ name }) => name as string);
  expect(judges.length).toBeGreaterThan(0);
  expect(judges.filter((check) => !names.includes(check))).toEqual([]);
  // All programs of a self-test share their brokers.
  expect(possibleProcessKinds('external')).toEqual(expect.arrayContaining([...(faults ?? [])]));
});

test('instant faults are repeated, lasting ones occur once, and several take turns', () => {
  const faultsOf = (...faults: readonly ('crash' | 'zombie' | 'redelivery' | 'topic-recreated')[]): string[] =>
    scenarioFaults(parseScenario(scenarioOf({ faults, protocol: undefined, runs: undefined }), 'mix'), 1, []).map(
      ({ kind }) => kind,
    );
  const crashes = faultsOf('crash').length;
  expect(crashes).toBeGreaterThanOrEqual(5);
  expect(faultsOf('zombie')).toEqual(['zombie']);
  const both = faultsOf('crash', 'redelivery');
  expect(both.length).toBeLessThanOrEqual(crashes + 2);
  expect(faultsOf('crash', 'topic-recreated').at(-1)).toBe('topic-recreated');
});

test('the control runs every fault mix once, and the seeded mixture under each protocol', () => {
  const mixes = controlMixes(mutants);
  expect(new Set(mixes.map((mix) => JSON.stringify(mix))).size).toBe(mixes.length);
  for (const mutant of mutants.filter(({ faults }) => faults !== undefined)) {
    expect(mixes).toContainEqual(mixOf(mutant));
  }
  for (const protocol of protocolNames) expect(mixes).toContainEqual({ faults: undefined, protocol });
});

test('findings are reported by check, with the first violation; errors of a run belong to no check', () => {
  const checks = [
    { id: 'V1', name: 'exclusive-ownership', violations: 0, first: null },
    { id: 'V4', name: 'exactly-once', violations: 2, first: 'one word too many' },
  ];
  // Sums of a broken program may be beyond all numbers.
  const report = (found: object): string => JSON.stringify({ records: 1e300, ...found });
  expect(judged(report({ checks, errors: ['seed 1: no broker'] }))).toEqual({
    checks: ['exactly-once'],
    found: ['exactly-once: one word too many (2 in total)', 'no verdict: seed 1: no broker'],
  });
  expect(judged(report({ checks: [], errors: [] }))).toEqual({ checks: [], found: [] });
});

test('a self-test passes only when every mutant was caught and nothing was found in the right program', () => {
  const verdict = (found: readonly string[], caughtBy: string | null, interrupted = false): string =>
    new StressSummary(1).report({
      interrupted,
      selfTest: { control: { schedules: 3, found: [...found] }, mutants: [{ name: 'm', caughtBy, schedules: 1 }] },
    }).verdict;
  expect(verdict([], 'exactly-once')).toBe('passed');
  expect(verdict([], 'exactly-once', true)).toBe('interrupted');
  expect(verdict([], null)).toBe('failed');
  expect(verdict(['crash, seed 1: takeover: too late'], 'exactly-once')).toBe('failed');
});
