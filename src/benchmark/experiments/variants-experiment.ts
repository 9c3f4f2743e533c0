import { measures, seriesOf, type ComparedSeries } from '../../results/compared-series.ts';
import { counted, whole } from '../../numbers.ts';
import { numberColumn, tableOf, textColumn } from '../../results/table.ts';
import { largest } from '../../statistics/extremes.ts';
import type { Experiment } from './experiment.ts';
import { variantsReport, type VariantsInput, type VariantsReport, type VariantRow } from './variants-report.ts';

/**
 * An experiment that compares the speed of variants of a group. Its command chooses them; all else
 * is the same for every such experiment.
 */
export function variantsExperiment({
  id,
  title,
  command,
}: Pick<Experiment<VariantsReport, VariantsInput>, 'id' | 'title' | 'command'>): Experiment<
  VariantsReport,
  VariantsInput
> {
  return {
    id,
    title,
    section: variantsReport,
    summary: (section) => summaryOf(id, section),
    tables: (section) => {
      const { rows } = section;
      if (rows.length === 0) return [];
      return [
        tableOf<VariantRow>('speed of each variant', rows, [
          textColumn('variant', (row) => labelOf(section, row)),
          numberColumn('records/s', ({ recordsPerSecond }) => recordsPerSecond, whole),
          textColumn('range', ({ range, runs }) => (runs < 2 ? '' : `${whole(range.low)} to ${whole(range.high)}`)),
          numberColumn(
            'ratio',
            ({ ratio }) => ratio,
            (value) => value.toFixed(2),
          ),
          numberColumn(
            'CPU µs/rec',
            ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord,
            (value) => value.toFixed(2),
          ),
          numberColumn('join ms', ({ joinMs }) => joinMs, whole),
          numberColumn('runs', ({ runs }) => runs, whole),
        ]),
      ];
    },
    notes: () => ['range: slowest and fastest run; ratio: to the first variant'],
    runs: ({ runs, variants }) =>
      runs.map(({ variant, repetition, warmUp, durationMs, verified, differences }) => {
        const place = warmUp ? 'warm-up' : `repetition ${repetition}`;
        const name = `${variants[variant]?.label ?? ''}, ${place}`;
        return { name, seconds: durationMs / 1_000, verified, differences };
      }),
    headlines: (section) => {
      const [first, ...others] = section.rows;
      if (first === undefined) return [];
      const fastest = others.reduce((best, row) => (row.recordsPerSecond > best.recordsPerSecond ? row : best), first);
      const value = fastest.recordsPerSecond;
      return [
        { term: `${id}: records per second`, value: { text: whole(value), value }, context: labelOf(section, fastest) },
      ];
    },
    metrics: (section) =>
      section.rows.flatMap((row) => {
        const label = labelOf(section, row);
        const series = { subject: `${id}, ${label}`, path: `${id}/${label.replaceAll(', ', '/')}`, runs: row.runs };
        return [
          { ...series, measure: 'records per second', value: row.recordsPerSecond },
          { ...series, measure: 'CPU time per record', value: row.cpuMicrosPerRecord },
        ];
      }),
    compared: { series: (section) => seriesIn(id, section), conditions },
    command,
    load: () => import('./run/run-variants-report.ts'),
  };
}

function summaryOf(id: string, { records, partitions, workUs, variants, rows }: VariantsReport): string {
  const runs = largest([0, ...rows.map((row) => row.runs)]);
  const medians = runs === 1 ? 'one run each' : `medians of ${runs} runs`;
  // Variants with service times of their own read different numbers of records.
  if (variants.some((variant) => variant.workUs !== undefined)) {
    return `${id}: ${counted(partitions, 'partition')}; ${medians}`;
  }
  const service = workUs === 0 ? '' : `, each served for ${workUs} µs`;
  return `${id}: ${counted(records, 'record')} of ${counted(partitions, 'partition')}${service}; ${medians}`;
}

function labelOf({ variants }: VariantsReport, { variant }: VariantRow): string {
  return variants[variant]?.label ?? '';
}

/** A ratio compares with the first variant in the same repetition. */
function seriesIn(lane: string, { variants, runs }: VariantsReport): ComparedSeries[] {
  const measured = runs.filter(({ warmUp }) => !warmUp);
  const firstOf = new Map(measured.filter(({ variant }) => variant === 0).map((run) => [run.repetition, run]));
  return variants.flatMap(({ label, members }, index) =>
    seriesOf(
      { lane, members, label },
      measured.filter(({ variant }) => variant === index),
      [
        { measure: measures.recordsPerSecond, valueOf: (run) => run.recordsPerSecond },
        { measure: measures.cpuMicrosPerRecord, valueOf: (run) => run.cpuMicrosPerRecord },
        {
          measure: { name: 'ratio', better: 'bigger', unit: 'x' },
          valueOf: ({ recordsPerSecond, repetition }) => {
            const first = firstOf.get(repetition);
            return index === 0 || first === undefined ? undefined : recordsPerSecond / first.recordsPerSecond;
          },
        },
      ],
    ),
  );
}

/** A setting that the variants have in common is not part of their labels. */
function conditions({ records, workUs, variants }: VariantsReport): Record<string, string> {
  const common = (valueOf: (variant: VariantsReport['variants'][number]) => string | undefined): string => {
    const values = new Set(variants.map((variant) => valueOf(variant) ?? 'none'));
    return values.size === 1 ? [...values].join() : 'several';
  };
  return {
    records: String(records),
    'service time': `${workUs} µs`,
    members: common(({ members }) => String(members)),
    'group protocol': common(({ groupProtocol }) => groupProtocol),
    'assignment strategy': common(({ assignmentStrategy }) => assignmentStrategy),
  };
}
