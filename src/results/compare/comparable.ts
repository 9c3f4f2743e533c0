import { ClusterError } from '../../errors.ts';
import type { BenchReport } from '../schema.ts';

type Reports = readonly [before: BenchReport, after: BenchReport];

/**
 * Reports that do not measure the same thing are refused.
 * @throws ClusterError inconclusive when workload or settings differ, or machines do and were not allowed to;
 *   verificationFailed when one holds runs that counted wrong
 */
export function requireComparable(
  [before, after]: Reports,
  { acrossMachines }: { readonly acrossMachines: boolean },
): void {
  for (const report of [before, after]) requireVerified(report);
  const other = firstDifference(measuredOf(before), measuredOf(after));
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

/** @throws ClusterError verificationFailed */
export function requireVerified({ verdict, startedAt }: Pick<BenchReport, 'verdict' | 'startedAt'>): void {
  const { runs, runsVerified } = verdict;
  if (runsVerified === runs) return;
  throw new ClusterError(
    'verificationFailed',
    `${runs - runsVerified} of ${runs} runs in the report of ${startedAt} have wrong counts, so their speed is not comparable`,
  );
}

/** Pure: what has to be the same for figures to be comparable, by name. */
export function conditionsOf(report: BenchReport): Record<string, string> {
  return { ...measuredOf(report), ...brokersOf(report) };
}

function firstDifference(before: Record<string, string>, after: Record<string, string>): string | undefined {
  const name = Object.keys(before).find((key) => after[key] !== before[key]);
  return name === undefined ? undefined : `${name}: ${before[name] ?? ''} before, ${after[name] ?? 'nothing'} after`;
}

/** Which brokers, as far as the program decides it. External ones are not ours to judge. */
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

/** A user's own topic is known by its size. */
function measuredOf({ workload, settings, lanes, environment }: BenchReport): Record<string, string> {
  return {
    corpus: workload.corpus,
    partitions: String(workload.partitions),
    records: String(workload.records),
    words: String(workload.words),
    'service times': lanes.map(({ lane, workUs }) => `${lane} ${workUs} µs`).join(', '),
    'group protocol': settings.groupProtocol,
    'assignment strategy': settings.assignmentStrategy,
    tokenizer: settings.tokenizer,
    'memory budget': `${settings.memoryMib} MiB`,
    brokers: environment.brokerSource,
  };
}

/** Pure: differences that are worth knowing but may be what is being tested, a line each. */
export function environmentNotes([before, after]: Reports): string[] {
  const facts = ['node', 'client', 'librdkafka', 'brokers', 'platform'] as const;
  return facts
    .filter((name) => before.environment[name] !== after.environment[name])
    .map((name) => `${name}: ${before.environment[name]} before, ${after.environment[name]} after`);
}
