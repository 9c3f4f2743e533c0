import { largest } from '../../src/statistics/extremes.ts';
import { renderTableMarkdown } from '../../src/report/formats/table-markdown.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import { whole } from '../../src/numbers.ts';
import { numberColumn, tableOf, textColumn } from '../../src/results/table.ts';
import type { Variant } from '../../src/benchmark/variant.ts';

interface CostRow {
  readonly vocabulary: number;
  /** Distinct words that occur in the topic. */
  readonly distinctWords: number;
  readonly commitIntervalMs: number;
  /** Words per second of the best runs, without and with a changelog. */
  readonly inMemory: number;
  readonly durable: number;
  /** `durable` divided by `inMemory`. */
  readonly ratio: number;
  /** Of the best durable run. */
  readonly transactions: number;
  /** Changelog records, and bytes of their keys and values, for each record of the topic. */
  readonly changelogRecords: number;
  readonly changelogBytes: number;
}

type MeasuredRun = Pick<RunReport, 'warmUp' | 'verified' | 'wordsPerSecond' | 'records' | 'changelog'>;

interface MeasuredTopic {
  readonly vocabulary: number;
  readonly distinctWords: number;
  readonly runs: readonly { readonly variant: Pick<Variant, 'durable'>; readonly report: MeasuredRun }[];
}

/**
 * Pure: a row for each commit interval that was measured on a topic, shortest first. A rate is that
 * of the best exact run; an interval without an exact run has no row.
 */
export function costRows({ vocabulary, distinctWords, runs }: MeasuredTopic): CostRow[] {
  const measured = runs.filter(({ report }) => !report.warmUp && report.verified);
  const bestOf = (intervalMs: number | undefined): MeasuredRun | undefined => {
    const own = measured.filter(({ variant }) => variant.durable?.commitIntervalMs === intervalMs);
    const rate = largest(own.map(({ report }) => report.wordsPerSecond));
    return own.find(({ report }) => report.wordsPerSecond === rate)?.report;
  };
  const inMemory = bestOf(undefined)?.wordsPerSecond;
  const intervals = new Set(measured.flatMap(({ variant }) => variant.durable?.commitIntervalMs ?? []));
  return [...intervals]
    .sort((a, b) => a - b)
    .flatMap((commitIntervalMs) => {
      const best = bestOf(commitIntervalMs);
      if (inMemory === undefined || best?.changelog === undefined) return [];
      const { wordsPerSecond: durable, records, changelog } = best;
      return [
        {
          ...{ vocabulary, distinctWords, commitIntervalMs, inMemory, durable, ratio: durable / inMemory },
          transactions: changelog.transactions,
          changelogRecords: changelog.records / records,
          changelogBytes: changelog.bytes / records,
        },
      ];
    });
}

/** Pure: the rows as a Markdown table. */
export function renderCostRows(rows: readonly CostRow[]): string {
  const digits = (count: number) => (value: number) => value.toFixed(count);
  return renderTableMarkdown(
    tableOf('', rows, [
      textColumn('commit interval', ({ commitIntervalMs }) => `${commitIntervalMs / 1_000} s`),
      numberColumn('vocabulary', ({ vocabulary }) => vocabulary, whole),
      numberColumn('distinct words', ({ distinctWords }) => distinctWords, whole),
      numberColumn('words/s in memory', ({ inMemory }) => inMemory, whole),
      numberColumn('words/s durable', ({ durable }) => durable, whole),
      numberColumn('ratio', ({ ratio }) => ratio, digits(2)),
      numberColumn('transactions', ({ transactions }) => transactions, whole),
      numberColumn('changelog records per record', ({ changelogRecords }) => changelogRecords, digits(3)),
      numberColumn('changelog bytes per record', ({ changelogBytes }) => changelogBytes, digits(1)),
    ]),
  );
}
