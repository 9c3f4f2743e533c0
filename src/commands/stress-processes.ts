import { protocolNames } from '../config/group-protocols.ts';
import { processFaultKinds, possibleProcessKinds } from '../stress/processes/process-faults.ts';
import { processPlans, processRate, type ProcessPlan } from '../stress/processes/process-plan.ts';
import { possibleProtocols } from '../stress/run-plan.ts';
import { planDefaults } from '../stress/stress-plans.ts';
import { testRuns, type StressTested, type StressTestOptions } from '../stress/stress-test.ts';
import { brokerSourceOf } from './stress-fault-rules.ts';
import type { StressFlags } from './stress-options.ts';

/**
 * Stresses a durable group of several processes.
 * @throws ClusterError as testRuns
 */
export async function stressProcesses(
  flags: StressFlags,
  processes: number,
  options: StressTestOptions<ProcessPlan>,
): Promise<StressTested> {
  const { seed, runs } = flags;
  const source = brokerSourceOf(flags);
  const asked = processFaultKinds.filter((kind) => flags.faults?.includes(kind) === true);
  const plans = processPlans({
    ...{ seed, runs, processes },
    durationMs: flags.duration ?? planDefaults.durationMs,
    rate: flags.rate ?? processRate,
    members: flags.members,
    partitions: flags.partitions,
    protocol: flags.protocol,
    sessionTimeoutMs: flags.sessionTimeout,
    kinds: flags.faults === undefined ? possibleProcessKinds(source) : asked,
    protocols: flags.kafkaVersion === undefined ? protocolNames : possibleProtocols(flags.kafkaVersion),
  });
  // Its reader loads decompression, which --help does not need.
  const { ProcessRun } = await import('../stress/processes/process-run.ts');
  return testRuns(plans, {
    ...options,
    seed,
    makeRun: (plan, resources, how) => new ProcessRun(plan, resources, how).outcome(),
  });
}

/** Flags of `stress` that repeat a run across processes. */
export function repeatedProcesses(flags: StressFlags, { seed, processes, durationMs }: ProcessPlan): string {
  const asked = Object.entries({
    '--faults': flags.faults?.join(','),
    '--protocol': flags.protocol,
    '--members': flags.members,
    '--partitions': flags.partitions,
    '--rate': flags.rate,
    '--session-timeout': flags.sessionTimeout === undefined ? undefined : `${flags.sessionTimeout}ms`,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${value}`]));
  return [`--processes ${processes} --seed ${seed} --duration ${durationMs}ms`, ...asked].join(' ');
}
