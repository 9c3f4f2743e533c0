import { ClusterError } from '../../errors.ts';
import { sectionsIn } from '../report-sections.ts';
import type { BenchReport } from '../schema.ts';
import { counted } from '../../numbers.ts';

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
  const other = firstDifference(measuredOf(before), measuredOf(after)) ?? sectionDifference([before, after]);
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
    const name = ({ cpu, cores, memoryMib }: BenchReport['environment']) =>
      `${cpu}, ${counted(cores, 'core')}, ${memoryMib} MiB`;
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
    `wrong counts in ${runs - runsVerified} of ${counted(runs, 'run')} of the report of ${startedAt}, so its speed is not comparable`,
  );
}

/** Pure: the conditions, by name, that must be equal for reports to be comparable. */
export function conditionsOf(report: BenchReport): Record<string, string> {
  const lanes = sectionsIn(report).filter(({ experiment }) => experiment.inLanes !== undefined);
  const ofLanes = lanes.flatMap(({ experiment, section }) => Object.entries(experiment.compared.conditions(section)));
  return { ...measuredOf(report), ...Object.fromEntries(ofLanes), ...brokersOf(report) };
}

/**
 * Pure: the conditions of each experiment that has separate ones. They must be equal in reports
 * that both have the experiment.
 */
export function experimentConditionsOf(report: BenchReport): Record<string, Record<string, string>> {
  const sections = sectionsIn(report).filter(({ experiment }) => experiment.inLanes === undefined);
  return Object.fromEntries(
    sections.map(({ experiment, section }) => [experiment.id, { ...experiment.compared.conditions(section) }]),
  );
}

/** The first condition that differs, of an experiment that both reports have. */
function sectionDifference([before, after]: Reports): string | undefined {
  const others = new Map(sectionsIn(after).map(({ experiment, section }) => [experiment, section]));
  for (const { experiment, section } of sectionsIn(before)) {
    if (!others.has(experiment)) continue;
    const { compared } = experiment;
    const prefix = experiment.inLanes === undefined ? `${experiment.id}, ` : '';
    const found = firstDifference(compared.conditions(section), compared.conditions(others.get(experiment)), prefix);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Conditions = Readonly<Record<string, string>>;

function firstDifference(before: Conditions, after: Conditions, prefix = ''): string | undefined {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const name = [...names].find((key) => after[key] !== before[key]);
  if (name === undefined) return undefined;
  return `${prefix}${name}: ${before[name] ?? 'no'} before, ${after[name] ?? 'no'} after`;
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
 * The workload and settings of every experiment. Contains no topic name: an existing topic is
 * identified by its size.
 */
function measuredOf({ workload, settings, environment }: BenchReport): Record<string, string> {
  return {
    corpus: workload.corpus,
    partitions: String(workload.partitions),
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
