import type { BenchReport } from '../../results/schema.ts';
import { environmentSection } from './environment-section.ts';
import { historySection, type PastBench } from './history-section.ts';
import { latencySection } from './latency-section.ts';
import { foreign, html, trusted } from './markup.ts';
import { pageStyle } from './page-style.ts';
import { rebalanceSection } from './rebalance-section.ts';
import { runsSection } from './runs-section.ts';
import { scalingSection } from './scaling-section.ts';
import { renderSection } from './section.ts';
import { renderVerdict } from './verdict-section.ts';

export interface HtmlExtras {
  /** Earlier benches, in any order. */
  readonly history?: readonly PastBench[];
}

/**
 * The report as one HTML file that needs no network and no script: verdict first, then charts, each with its numbers in
 * a table, then all that one needs to measure the same again. Pure; texts of the report never become markup.
 */
export function renderHtml(report: BenchReport, { history = [] }: HtmlExtras = {}): string {
  const sections = [
    scalingSection(report),
    latencySection(report),
    rebalanceSection(report),
    runsSection(report),
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
