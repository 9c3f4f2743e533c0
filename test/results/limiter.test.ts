import { expect, test } from 'vitest';
import { effectiveMembers } from '../../src/results/curves.ts';
import { limiterOf } from '../../src/results/limiter.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import { markWarmUps } from '../../src/results/warm-up-runs.ts';
import { sampleFacts, sampleRun } from '../report/sample-report.ts';

/** A one-second run on two cores. */
function run(members: number, used: { cpu: number; brokers: number; machine: number; bytes?: number }, busy: number) {
  return sampleRun(members, 1, {
    durationMs: 1_000,
    usage: {
      cpuMs: used.cpu,
      brokerCpuMs: used.brokers,
      machineBusyMs: used.machine,
      receivedBytes: used.bytes ?? 0,
    },
    perMember: Array.from({ length: members }, (_, memberId) => ({
      memberId,
      partitions: [],
      records: 1_000,
      busyMs: busy,
    })),
  });
}

test.each([
  ['service-time', run(2, { cpu: 100, brokers: 100, machine: 300 }, 950), { workUs: 900 }],
  ['partitions', run(4, { cpu: 100, brokers: 100, machine: 300 }, 950), { workUs: 900 }],
  ['cpu-of-members', run(2, { cpu: 1_200, brokers: 500, machine: 1_900 }, 600), {}],
  ['cpu-of-brokers', run(2, { cpu: 500, brokers: 1_200, machine: 1_900 }, 200), {}],
  ['cpu-of-others', run(2, { cpu: 400, brokers: 200, machine: 1_900 }, 200), {}],
  ['network', run(2, { cpu: 400, brokers: 0, machine: 500, bytes: 112e6 }, 200), { linkMbitPerSecond: 1_000 }],
  ['cpu-of-members', run(1, { cpu: 990, brokers: 200, machine: 1_300 }, 950), {}],
  ['partitions', run(5, { cpu: 990, brokers: 200, machine: 1_300 }, 950), {}],
  ['none', run(2, { cpu: 300, brokers: 200, machine: 600 }, 200), {}],
] as const)('the limiter is %s', (name, measured, facts) => {
  expect(limiterOf([measured], { ...sampleFacts, workUs: 0, ...facts }).name).toBe(name);
});

test('shares of the CPU are those of the interval in which it was measured, and at most 100 %', () => {
  const used = { cpu: 100, brokers: 100, machine: 2_400 };
  const short = run(2, used, 200);
  const facts = { ...sampleFacts, workUs: 0 };
  const noticedLate = { ...short, usage: { ...short.usage, intervalMs: 1_500 } };
  expect(limiterOf([noticedLate], facts)).toMatchObject({ name: 'none', shares: { machine: 0.8 } });
  expect(limiterOf([short], facts)).toMatchObject({ name: 'cpu-of-others', shares: { machine: 1, members: 0.05 } });
});

test('external brokers have no CPU share', () => {
  const { usage } = sampleRun(1, 1);
  const measured = sampleRun(1, 1, { usage: { cpuMs: usage.cpuMs, machineBusyMs: usage.machineBusyMs } });
  expect(limiterOf([measured], sampleFacts).shares).not.toHaveProperty('brokers');
});

test('computes the number of members that work at the same time', () => {
  expect([1, 2, 3, 4, 5].map((members) => effectiveMembers(members, 4))).toEqual([1, 2, 2, 4, 4]);
  expect(effectiveMembers(2, 3)).toBe(1.5);
});

test('marks slow first runs as warm-ups, but not steady or required ones', () => {
  const inOrder = (repetitions: number, slow: number): RunReport[] =>
    Array.from({ length: repetitions }, (_, repetition) => repetition + 1).flatMap((repetition) =>
      [1, 2, 4].map((members, place) => {
        const index = (repetition - 1) * 3 + place;
        const jitter = 1 + ((index * 7) % 5) / 100;
        const recordsPerSecond = 1_000 * members * jitter * (index < slow ? 0.7 : 1);
        return sampleRun(members, repetition, { recordsPerSecond });
      }),
    );
  const left = (runs: readonly RunReport[]): number => markWarmUps(runs).filter(({ warmUp }) => !warmUp).length;
  expect(left(inOrder(8, 5))).toBe(19);
  expect(markWarmUps(inOrder(8, 5)).filter(({ warmUpDetected }) => warmUpDetected)).toHaveLength(5);
  expect(left(inOrder(8, 0))).toBe(24);
  expect(left(inOrder(3, 3))).toBe(9);
});
