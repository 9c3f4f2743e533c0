import { largest } from '../statistics/extremes.ts';
import { median, samplesOf } from '../statistics/statistics.ts';
import type { RunReport, ScalingReport } from './report-parts.ts';

export interface LimiterFacts {
  readonly partitions: number;
  readonly cores: number;
  /** Service time per record, microseconds. */
  readonly workUs: number;
  /**
   * Capacity of the fastest network link; undefined when it is unknown or when brokers run on this
   * machine.
   */
  readonly linkMbitPerSecond: number | undefined;
}

type Limiter = ScalingReport['limiter'];

/**
 * A resource is saturated from this share. Medians stay below 100 %, because they include the start
 * and the tail of runs.
 */
const serviceFull = 0.8;
const machineFull = 0.85;
const threadFull = 0.85;
const networkFull = 0.8;

/**
 * Pure: the resource that limited the runs of one scaling point, derived from their measurements.
 */
export function limiterOf(runs: readonly RunReport[], facts: LimiterFacts): Limiter {
  const shares = sharesOf(runs, facts);
  const members = runs[0]?.members ?? 0;
  const usedUp = members >= facts.partitions;
  if (shares.serviceTime >= serviceFull) return { name: usedUp ? 'partitions' : 'service-time', shares };
  if (shares.machine >= machineFull) return { name: greatestUser(shares), shares };
  if ((shares.network ?? 0) >= networkFull) return { name: 'network', shares };
  if (shares.busiestMember >= threadFull) return { name: usedUp ? 'partitions' : 'cpu-of-members', shares };
  return { name: 'none', shares };
}

function sharesOf(runs: readonly RunReport[], facts: LimiterFacts): Limiter['shares'] {
  const { cores, workUs, linkMbitPerSecond } = facts;
  const middle = (value: (run: RunReport) => number): number => median(samplesOf(runs.map(value)));
  const intervalMs = (run: RunReport): number => run.usage.intervalMs ?? run.durationMs;
  // CPU time has a resolution of 10 ms, and is that of all cores, of which a container may use a part.
  const ofMachine = (ms: number, run: RunReport): number => Math.min(1, ms / (intervalMs(run) * cores));
  const brokers = runs.some(({ usage }) => usage.brokerCpuMs === undefined)
    ? undefined
    : middle((run) => ofMachine(run.usage.brokerCpuMs ?? 0, run));
  const bitsPerSecond = middle((run) => (8_000 * (run.usage.receivedBytes ?? 0)) / intervalMs(run));
  return {
    machine: middle((run) => ofMachine(run.usage.machineBusyMs, run)),
    members: middle((run) => ofMachine(run.usage.cpuMs, run)),
    ...(brokers === undefined ? {} : { brokers }),
    ...(linkMbitPerSecond === undefined ? {} : { network: bitsPerSecond / (linkMbitPerSecond * 1e6) }),
    busiestMember: middle((run) => largest(run.perMember.map(({ busyMs }) => busyMs)) / run.durationMs),
    serviceTime: middle(
      (run) => (largest(run.perMember.map(({ records }) => records)) * workUs) / 1_000 / run.durationMs,
    ),
  };
}

function greatestUser({ machine, members, brokers = 0 }: Limiter['shares']): Limiter['name'] {
  const others = machine - members - brokers;
  if (others > Math.max(members, brokers)) return 'cpu-of-others';
  return members >= brokers ? 'cpu-of-members' : 'cpu-of-brokers';
}
