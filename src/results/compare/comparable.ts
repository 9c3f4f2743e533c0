import { ClusterError } from '../../errors.ts';
import { sectionsIn } from '../report-sections.ts';
import type { BenchReport } from '../schema.ts';

type Reports = readonly [before: BenchReport, after: BenchReport];

/**
 * Verifies that two reports measured the same workload under the same conditions.
 * @param acrossMachines - true to accept different machines and brokers
 * @throws ClusterError inconclusive when workload, settings, brokers or machine differ;
 * verificationFailed when a report contains runs with wrong counts
 */
export function requireComparable(
  [before, after]: Reports,
  { acrossMachines }: { readonly acrossMachines: boolean },
): void {
  for (const report of [before, after]) requireVerified(report);
  const [left, right] = [conditionsOfEach(before), conditionsOfEach(after)];
  const shared = Object.keys(left).filter((id) => right[id] !== undefined);
  const other =
    firstDifference(measuredOf(before), measuredOf(after)) ??
    shared
      .map((id) => firstDifference(left[id] ?? {}, right[id] ?? {}, `${id}, `))
      .find((difference) => difference !== undefined);
  if (other !== undefined) {
    throw new ClusterError('inconclusive', `the reports have different settings: ${other}`, {
      hint: 'run both with the same options',
    });
  }
  const changed = firstDifference(brokersOf(before), brokersOf(after));
  if (changed !== undefined && !acrossMachines) {
    throw new ClusterError('inconclusive', `the reports are from different brokers: ${changed}`, {
      hint: 'run both on the same brokers, or pass --across-machines to compare ratios',
    });
  }
  if (before.environment.machine !== after.environment.machine && !acrossMachines) {
    const name = ({ cpu, cores, memoryMib }: BenchReport['environment']) => `${cpu}, ${cores} cores, ${memoryMib} MiB`;
    throw new ClusterError(
      'inconclusive',
      `the reports are from different machines: ${name(before.environment)}; ${name(after.environment)}`,
      { hint: 'pass --across-machines to compare ratios' },
    );
  }
}

/** @throws ClusterError verificationFailed when a run has wrong counts */
export function requireVerified({ verdict, startedAt }: Pick<BenchReport, 'verdict' | 'startedAt'>): void {
  const { runs, runsVerified } = verdict;
  if (runsVerified === runs) return;
  throw new ClusterError(
    'verificationFailed',
    `${runs - runsVerified} of ${runs} runs in the report of ${startedAt} have wrong counts, so their speed is not comparable`,
  );
}

/** Pure: the conditions, by name, that must be equal for reports to be comparable. */
export function conditionsOf(report: BenchReport): Record<string, string> {
  return { ...measuredOf(report), ...brokersOf(report) };
}

/**
 * Pure: the conditions of each experiment in a report. They must be equal in reports that both have
 * the experiment.
 */
export function conditionsOfEach(report: BenchReport): Record<string, Record<string, string>> {
  const entries = sectionsIn(report).map(
    ({ experiment, section }) => [experiment.id, { ...experiment.compared.conditions(section) }] as const,
  );
  return Object.fromEntries(entries);
}

function firstDifference(
  before: Record<string, string>,
  after: Record<string, string>,
  prefix = '',
): string | undefined {
  const name = Object.keys(before).find((key) => after[key] !== before[key]);
  if (name === undefined) return undefined;
  return `${prefix}${name}: ${before[name] ?? ''} before, ${after[name] ?? 'nothing'} after`;
}

/**
 * Version and settings of managed brokers; empty for other brokers, whose settings the program does
 * not control.
 */
function brokersOf({ environment: { kafka } }: BenchReport): Record<string, string> {
  if (kafka === undefined) return {};
  const { version, properties, jvmOptions } = kafka;
  const names = Object.keys(properties).sort();
  return {
    'Kafka version': version,
    'broker properties': names.map((name) => `${name}=${properties[name] ?? ''}`).join(', ') || 'none',
    'broker JVM options': jvmOptions.join(' ') || 'none',
  };
}

/**
 * The measured workload and settings. Contains no topic name: an existing topic is identified by
 * its size.
 */
function measuredOf({ workload, settings, lanes, environment }: BenchReport): Record<string, string> {
  return {
    corpus: workload.corpus,
    partitions: String(workload.partitions),
    // Experiments that feed their topic at a rate read another number of records in each run.
    ...(lanes.length === 0
      ? {}
      : {
          records: String(workload.records),
          words: String(workload.words),
          'service times': lanes.map(({ lane, workUs }) => `${lane} ${workUs} µs`).join(', '),
        }),
    'group protocol': settings.groupProtocol,
    'assignment strategy': settings.assignmentStrategy,
    tokenizer: settings.tokenizer,
    'memory budget': `${settings.memoryMib} MiB`,
    brokers: environment.brokerSource,
  };
}

/**
 * Pure: one line for each difference between the environments. Such differences do not prevent a
 * comparison, because they may be its purpose.
 */
export function environmentNotes([before, after]: Reports): string[] {
  const facts = ['node', 'client', 'librdkafka', 'brokers', 'platform'] as const;
  return facts
    .filter((name) => before.environment[name] !== after.environment[name])
    .map((name) => `${name}: ${before.environment[name]} before, ${after.environment[name]} after`);
}
