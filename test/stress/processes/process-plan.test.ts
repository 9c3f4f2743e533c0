import { expect, test } from 'vitest';
import { protocolNames } from '../../../src/config/group-protocols.ts';
import { possibleProcessKinds, processFaultKinds } from '../../../src/stress/processes/process-faults.ts';
import { processPlans } from '../../../src/stress/processes/process-plan.ts';

const wishes = {
  ...{ seed: 1, runs: 40, processes: 3, durationMs: 20_000, rate: 1_000 },
  ...{ members: undefined, partitions: undefined, protocol: undefined, sessionTimeoutMs: undefined },
  ...{ kinds: processFaultKinds, protocols: protocolNames },
};

test('a plan depends on its seed alone', () => {
  const [all, later] = [processPlans(wishes), processPlans({ ...wishes, seed: 7, runs: 1 })];
  expect(later[0]).toEqual(all[6]);
});

test('forty seeds use every fault, protocol, commit interval and number of standby replicas', () => {
  const plans = processPlans(wishes);
  const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual([...processFaultKinds].sort());
  const distinct = (of: (plan: (typeof plans)[number]) => unknown): number => new Set(plans.map(of)).size;
  expect(distinct(({ protocol }) => protocol)).toBe(protocolNames.length);
  expect(distinct(({ commitIntervalMs }) => commitIntervalMs)).toBe(4);
  expect(distinct(({ standbyReplicas }) => standbyReplicas)).toBe(3);
  expect(distinct(({ members }) => members)).toBe(2);
});

test('what the user asks for is kept', () => {
  const asked = { members: 3, partitions: 5, protocol: 'range' as const, sessionTimeoutMs: 7_000 };
  for (const plan of processPlans({ ...wishes, ...asked })) expect(plan).toMatchObject(asked);
});

test('faults of brokers need managed ones', () => {
  expect(possibleProcessKinds('external')).toEqual([
    ...['process-kill', 'process-kill-all', 'process-pause', 'process-stop', 'process-join'],
  ]);
});
