import { counted } from '../../results/numbers.ts';
import type { ReportSection } from '../../results/report-sections.ts';
import { html } from './markup.ts';
import { renderFigures, type Section } from './section.ts';
import { renderResultTable } from './table.ts';

/**
 * Section of the page for one experiment.
 * @returns undefined when the experiment has no results
 */
export async function experimentSection({ experiment, section }: ReportSection): Promise<Section | undefined> {
  const tables = experiment.tables(section);
  const wrong = experiment.runs(section).filter(({ verified }) => !verified).length;
  if (tables.length === 0 && wrong === 0) return undefined;
  const charts = await experiment.loadFigures?.();
  const notes = experiment.notes(section).map((note) => html`<li>${note}</li>`);
  const content = [
    html`<p>${experiment.summary(section)}</p>`,
    wrong === 0
      ? undefined
      : html`<p class="verdict bad">${counted(wrong, `${experiment.id} run`)} with wrong counts</p>`,
    tables.map(renderResultTable),
    html`<ul class="notes">
      ${notes}
    </ul>`,
    charts === undefined ? undefined : renderFigures(charts.figures(section)),
  ];
  return { id: experiment.id, title: experiment.title, content };
}
