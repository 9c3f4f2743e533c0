import { failuresOf } from '../named-runs.ts';
import { sectionsIn } from '../../results/report-sections.ts';
import { verdictLines } from '../verdict-lines.ts';
import type { BenchReport } from '../../results/schema.ts';
import { exact } from './numbers.ts';
import { html, type Content, type Markup } from './markup.ts';

interface Fact {
  readonly term: string;
  readonly value: Content;
  readonly context: Content;
}

/** The verdict on the counts, and the main results. */
export function renderVerdict(report: BenchReport): Markup {
  const lines = verdictLines(report).map(({ tone, text }) => html`<p class="verdict ${tone}">${text}</p>`);
  const facts = experimentFacts(report);
  return html`${lines}${facts.length === 0 ? undefined : renderFacts(facts)}${renderFailures(report)}`;
}

function renderFacts(facts: readonly Fact[]): Markup {
  const entries = facts.map(
    ({ term, value, context }) =>
      html`<div>
        <dt>${term}</dt>
        <dd>${value} <small>${context}</small></dd>
      </div>`,
  );
  return html`<dl class="facts">${entries}</dl>`;
}

/** The main results of the experiments. */
function experimentFacts(report: BenchReport): Fact[] {
  return sectionsIn(report)
    .flatMap(({ experiment, section }) => experiment.headlines(section))
    .map(({ term, value: { text, value }, context }) => ({
      ...{ term, context },
      value: value === undefined ? text : exact(value, text),
    }));
}

function renderFailures(report: BenchReport): Content {
  return failuresOf(report).map(({ title, differences }) => {
    const lines = differences.map((line) => html`<li>${line}</li>`);
    return html`<p>${title}</p>
      <ul>
        ${lines}
      </ul>`;
  });
}
