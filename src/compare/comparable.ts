import { WordcountError } from '../errors.ts';
import type { BenchReport } from '../report/schema.ts';

type Reports = readonly [before: BenchReport, after: BenchReport];

/**
 * Reports that do not measure the same thing are refused.
 * @throws WordcountError inconclusive when workload or settings differ, or machines do and were not allowed to;
 *   verificationFailed when one holds runs that counted wrong
 */
export function requireComparable(
  [before, after]: Reports,
  { acrossMachines }: { readonly acrossMachines: boolean },
): void {
  for (const report of [before, after]) requireVerified(report);
  const different = Object.entries(conditionsOf(before)).filter(([name, value]) => conditionsOf(after)[name] !== value);
  const [first] = different;
  if (first !== undefined) {
    const [name, value] = first;
    throw new WordcountError(
      'inconclusive',
      `the reports do not measure the same: ${name} was ${value} and is ${conditionsOf(after)[name] ?? 'nothing'}`,
      { hint: 'measure both with the same options' },
    );
  }
  if (before.environment.machine !== after.environment.machine && !acrossMachines) {
    const name = ({ cpu, cores, memoryMib }: BenchReport['environment']) => `${cpu}, ${cores} cores, ${memoryMib} MiB`;
    throw new WordcountError(
      'inconclusive',
      `the reports are of different machines: ${name(before.environment)}; ${name(after.environment)}`,
      { hint: '--across-machines compares their ratios' },
    );
  }
}

/** @throws WordcountError verificationFailed */
export function requireVerified({ verdict, startedAt }: Pick<BenchReport, 'verdict' | 'startedAt'>): void {
  const { runs, runsVerified } = verdict;
  if (runsVerified === runs) return;
  throw new WordcountError(
    'verificationFailed',
    `${runs - runsVerified} of ${runs} runs of the report of ${startedAt} counted wrong: such a speed is none`,
  );
}

/** Pure: what has to be the same for figures to be comparable, by name. A user's own topic is known by its size. */
export function conditionsOf({ workload, settings, lanes, environment }: BenchReport): Record<string, string> {
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
