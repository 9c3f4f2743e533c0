import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKafkaVersion } from '../brokers/kafka-version.ts';
import { protocolNames } from '../config/group-protocols.ts';
import { ClusterError, fromErrorReport } from '../errors.ts';
import { allFaultKinds, type FaultKind } from '../stress/faults/all-faults.ts';
import type { StressReport } from '../results/stress-report.ts';
import type { RunOutcome } from '../stress/run-outcome.ts';
import { possibleProtocols } from '../stress/run-plan.ts';
import { openResources, possibleKinds } from '../stress/run-resources.ts';
import type { PlanWishes } from '../stress/stress-plans.ts';
import type { FailedRun } from '../stress/stress-runs.ts';
import { stressTest } from '../stress/stress-test.ts';
import { openOwnBrokers } from './own-brokers.ts';
import { requireCount, requireOneOf } from './require-valid.ts';
import { timeoutMsByDefault, type ConnectionOptions } from './used-brokers.ts';

/** What {@link stress} does to a group. Every option has a default. */
export interface StressOptions extends Pick<Partial<ConnectionOptions>, 'clientProperties' | 'timeoutMs'> {
  /**
   * `HOST:PORT,…` of an existing cluster: faults of brokers and of the network are then left out.
   * Default: separate brokers for the duration of the call.
   */
  readonly brokers?: string;
  /** Version of the separate brokers, as for `startBrokers()`. Default: the installed version. */
  readonly kafkaVersion?: string;
  /** Seed of the first run, from 0; it grows by one per run. The same seed plans the same faults. Default: 1. */
  readonly seed?: number;
  /** Number of runs, from 1. Default: 1. */
  readonly runs?: number;
  /** Duration of one run, in milliseconds, 2,000 to 600,000. Default: 20,000. */
  readonly durationMs?: number;
  /**
   * Kinds of faults, as `consumer-cluster stress --help` lists them. Default: all that the brokers
   * allow, except `process-pause`, which stops this whole process for seconds. Kinds that `brokers`
   * does not allow are refused.
   */
  readonly faults?: readonly string[];
  /** Assignor of the classic protocol, or the consumer protocol. Default: all in turn. */
  readonly protocol?: 'range' | 'roundrobin' | 'cooperative-sticky' | 'consumer';
  /** Members of the group, 1 to 64. Default: 5 with 4 partitions, and 3 with 8, in turn. */
  readonly members?: number;
  /** Partitions of the topic, 1 to 100. */
  readonly partitions?: number;
  /** Records per second that are produced, 1 to 1,000,000. Default: 4,000. */
  readonly rate?: number;
  /** Receives the histories of all runs. Default: none are kept. */
  readonly historyFolder?: string;
  /** True to end after the first run with a violation. Default: false. */
  readonly failFast?: boolean;
  /** Ends the test at once; it then rejects. */
  readonly signal?: AbortSignal;
  /** Called after each run. */
  readonly onRun?: (run: StressedRun) => void;
  /** Receives a line per fault and step. */
  readonly onProgress?: (line: string) => void;
}

/** The outcome of one run. */
export interface StressedRun {
  readonly seed: number;
  readonly protocol: string;
  /** Why the run could not be made, or had none of its faults; it then says nothing about the group. */
  readonly error: ClusterError | undefined;
  /** The faults that happened, with milliseconds since the start of the group. */
  readonly faults: readonly {
    readonly kind: string;
    readonly target: string;
    readonly beganAtMs: number;
    readonly endedAtMs: number;
  }[];
  /** One line per violation of a guarantee; at most 20 of each check. */
  readonly violations: readonly string[];
  readonly records: number;
  /** Members that crashed, for any reason. */
  readonly crashes: number;
  /** The file of its history; undefined without `historyFolder`. */
  readonly historyFile: string | undefined;
}

const durations = { min: 2_000, max: 600_000 } as const;

/**
 * Injects seeded faults into a live group (members that crash or hang, brokers that are killed, a
 * network that fails), and verifies from its history and its counts that no record was lost, counted
 * twice or counted out of order.
 * @returns the report that `consumer-cluster stress --json` writes; a violation is a result, not an
 *   error
 * @throws {@link ClusterError} `environment` when brokers can't be started, `brokerUnavailable`; `usage`
 *   for invalid options; the signal's reason when it is aborted
 */
export async function stress(options: StressOptions = {}): Promise<StressReport> {
  const { signal = new AbortController().signal, onRun, onProgress = () => undefined, historyFolder } = options;
  const wishes = wishesOf(options);
  const { timeoutMs = timeoutMsByDefault } = options;
  signal.throwIfAborted();
  const folder = historyFolder ?? (await mkdtemp(join(tmpdir(), 'consumer-cluster-stress-')));
  try {
    const { report } = await stressTest(wishes, {
      ...{ signal, killSignal: signal, historyFolder: folder, log: onProgress },
      keepAll: historyFolder !== undefined,
      failFast: options.failFast ?? false,
      open: async () => {
        return openResources(await openOwnBrokers(options, { signal, log: onProgress, toBreak: true }), timeoutMs);
      },
      onRun: (run) => onRun?.(stressedRun(run, { isKept: historyFolder !== undefined })),
    });
    signal.throwIfAborted();
    return report;
  } finally {
    if (historyFolder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function wishesOf(options: StressOptions): PlanWishes {
  const { seed = 1, runs = 1, durationMs, protocol, members, partitions, rate, kafkaVersion } = options;
  requireCount('seed', seed, { min: 0, max: 2 ** 32 - 1 });
  requireCount('runs', runs, { min: 1, max: 1e9 });
  if (durationMs !== undefined) requireCount('durationMs', durationMs, durations);
  if (protocol !== undefined) requireOneOf('protocol', protocol, protocolNames);
  if (members !== undefined) requireCount('members', members, { min: 1, max: 64 });
  if (partitions !== undefined) requireCount('partitions', partitions, { min: 1, max: 100 });
  if (rate !== undefined) requireCount('rate', rate, { min: 1, max: 1_000_000 });
  for (const kind of options.faults ?? []) requireOneOf('faults', kind, allFaultKinds);
  const possible = possibleKinds(options.brokers === undefined ? 'managed' : 'external');
  const impossible = (options.faults ?? []).filter((kind) => !(possible as readonly string[]).includes(kind));
  if (impossible.length > 0) {
    const message = `faults: ${impossible.join(', ')}: not possible on existing brokers`;
    throw new ClusterError('usage', message, { hint: `omit brokers, or pass some of ${possible.join(', ')}` });
  }
  return {
    ...{ seed, runs, soak: false },
    asked: { durationMs, protocol, members, partitions, rate },
    kinds: (options.faults as readonly FaultKind[] | undefined) ?? possible.filter((kind) => kind !== 'process-pause'),
    protocols: kafkaVersion === undefined ? protocolNames : possibleProtocols(parseKafkaVersion(kafkaVersion)),
  };
}

function stressedRun(run: RunOutcome | FailedRun, { isKept }: { readonly isKept: boolean }): StressedRun {
  const { seed, protocol } = run.plan;
  if ('error' in run) {
    const none = { faults: [], violations: [], records: 0, crashes: 0, historyFile: undefined };
    return { seed, protocol, error: fromErrorReport(run.error), ...none };
  }
  const { faults, records, crashes } = run;
  const violations = run.checks.flatMap((check) => check.violations.map(({ message }) => `${check.name}: ${message}`));
  const historyFile = isKept ? run.historyFile : undefined;
  return { seed, protocol, error: undefined, faults, violations, records, crashes, historyFile };
}
