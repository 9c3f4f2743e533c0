import type { BenchReport } from '../../results/schema.ts';
import { sectionsIn } from '../../results/report-sections.ts';
import { environmentSection } from './environment-section.ts';
import { experimentSection } from './experiment-section.ts';
import { historySection, type PastBench } from './history-section.ts';
import { foreign, html, trusted } from './markup.ts';
import { pageStyle } from './page-style.ts';
import { renderSection } from './section.ts';
import { renderVerdict } from './verdict-section.ts';

export interface HtmlExtras {
  /** Earlier benches, in any order. */
  readonly history?: readonly PastBench[];
}

/**
 * Renders the report as one HTML file without scripts or external resources. It contains the
 * verdict, charts with their values in tables, and the facts that are needed to reproduce the
 * measurement. All text of the report is escaped.
 */
export async function renderHtml(report: BenchReport, { history = [] }: HtmlExtras = {}): Promise<string> {
  const sections = [
    ...(await Promise.all(sectionsIn(report).map(experimentSection))),
    historySection(report, history),
    environmentSection(report),
  ].filter((section) => section !== undefined);
  const { workload, environment, startedAt } = report;
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
      />
      <link rel="icon" href="data:," />
      <title>Consumer group bench: ${workload.topic}, ${startedAt}</title>
      <style>
        ${trusted(pageStyle)}
      </style>
    </head>
    <body>
      <header>
        <h1>Consumer group bench</h1>
        <p class="soft">
          ${foreign(workload.topic)}, ${foreign(workload.corpus)}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC
        </p>
        ${renderVerdict(report)}
        <nav aria-label="Contents">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
      </header>
      <main>${sections.map(renderSection)}</main>
      <footer>consumer-cluster ${environment.program}, report schema ${report.schemaVersion}</footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}
