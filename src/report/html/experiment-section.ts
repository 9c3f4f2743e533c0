import { counted } from '../../numbers.ts';
import type { ReportSection } from '../../results/report-sections.ts';
import { tablesFor } from '../../results/table.ts';
import { html, type Content } from './markup.ts';
import { renderFigures, type Section } from './section.ts';
import { renderResultTable } from './table.ts';

/**
 * Section of the page for one experiment.
 * @returns undefined when the experiment has no results
 */
export async function experimentSection({ experiment, section }: ReportSection): Promise<Section | undefined> {
  const summary = experiment.summary(section);
  const tables = tablesFor(experiment.tables(section), 'html');
  const wrong = experiment.runs(section).filter(({ verified }) => !verified).length;
  if (tables.length === 0 && wrong === 0) return undefined;
  const charts = await experiment.loadFigures?.();
  const content = [
    summary === undefined ? undefined : html`<p>${summary}</p>`,
    wrong === 0
      ? undefined
      : html`<p class="verdict bad">${counted(wrong, `${experiment.id} run`)} with wrong counts</p>`,
    tables.map((table) => [renderResultTable(table), renderNotes(table.notes ?? [])]),
    renderNotes(experiment.notes(section)),
    charts === undefined ? undefined : renderFigures(charts.figures(section)),
  ];
  return { id: experiment.id, title: experiment.title, content };
}

function renderNotes(notes: readonly string[]): Content {
  if (notes.length === 0) return undefined;
  return html`<ul class="notes">
    ${notes.map((note) => html`<li>${note}</li>`)}
  </ul>`;
}
