import { lanes } from '../../config/lanes.ts';
import { measures, seriesOf, type ComparedSeries, type SeriesId } from '../compared-series.ts';
import { sectionsIn } from '../report-sections.ts';
import type { RunReport } from '../report-parts.ts';
import type { BenchReport } from '../schema.ts';

/** What `compare` reads of a report: the experiments and the results in lanes. */
export type ComparedReport = Parameters<typeof sectionsIn>[0] & Pick<BenchReport, 'runs'>;

/**
 * Pure: every series of a report that has a value.
 * @param options.ratios - true for the ratios alone, false for all other measures
 */
export function seriesIn(report: ComparedReport, { ratios }: { readonly ratios: boolean }): ComparedSeries[] {
  const all = [
    ...throughputSeries(report.runs),
    ...sectionsIn(report).flatMap(({ experiment, section }) => experiment.compared.series(section)),
  ];
  return all.filter(({ measure, values }) => values.size > 0 && (measure.unit === 'x') === ratios);
}

/**
 * A speed-up is the rate of a run divided by the rate of the smallest group in the same repetition.
 * A repetition without that run has no speed-ups.
 */
function throughputSeries(runs: readonly RunReport[]): ComparedSeries[] {
  const series = lanes.flatMap((lane) => {
    const measured = runs.filter((run) => run.lane === lane && !run.warmUp);
    const counts = [...new Set(measured.map(({ members }) => members))].sort((a, b) => a - b);
    const base = measured.filter(({ members }) => members === counts[0]);
    const speedup = (run: RunReport): number | undefined => {
      const baseline = base.find(({ repetition }) => repetition === run.repetition);
      // The baseline's speed-up over itself is always 1.
      return baseline === undefined || baseline.members === run.members
        ? undefined
        : run.recordsPerSecond / baseline.recordsPerSecond;
    };
    return counts.flatMap((members) =>
      seriesOf(
        { lane, members },
        measured.filter((run) => run.members === members),
        [
          { measure: measures.recordsPerSecond, valueOf: (run) => run.recordsPerSecond },
          { measure: measures.cpuMicrosPerRecord, valueOf: (run) => run.cpuMicrosPerRecord },
          { measure: measures.speedup, valueOf: speedup },
        ],
      ),
    );
  });
  return series;
}

/** Pure: the series that are judged together, by measure and then by lane, in their given order. */
export function groupsOf(series: readonly Pick<SeriesId, 'lane' | 'measure'>[]): Pick<SeriesId, 'lane' | 'measure'>[] {
  const byMeasure = new Map<string, Map<string, Pick<SeriesId, 'lane' | 'measure'>>>();
  for (const { lane, measure } of series) {
    const own = byMeasure.get(measure.name) ?? new Map<string, Pick<SeriesId, 'lane' | 'measure'>>();
    byMeasure.set(measure.name, own.set(lane, { lane, measure }));
  }
  return [...byMeasure.values()].flatMap((own) => [...own.values()]);
}
