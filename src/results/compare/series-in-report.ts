import type { ComparedSeries, SeriesId } from '../compared-series.ts';
import { sectionsIn } from '../report-sections.ts';

type ComparedReport = Parameters<typeof sectionsIn>[0];

/**
 * Pure: every series of a report that has a value.
 * @param options.ratios - true for the ratios alone, false for all other measures
 */
export function seriesIn(report: ComparedReport, { ratios }: { readonly ratios: boolean }): ComparedSeries[] {
  const all = sectionsIn(report).flatMap(({ experiment, section }) => experiment.compared.series(section));
  return all.filter(({ measure, values }) => values.size > 0 && (measure.unit === 'x') === ratios);
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
