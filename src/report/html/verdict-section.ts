import { failuresOf } from '../named-runs.ts';
import { sectionsIn } from '../../results/report-sections.ts';
import { verdictLines } from '../verdict-lines.ts';
import type { ScalingReport } from '../../results/report-parts.ts';
import type { BenchReport } from '../../results/schema.ts';
import { efficiencyText } from '../../results/efficiency.ts';
import { counted, whole } from '../../results/numbers.ts';
import { exact, times } from './numbers.ts';
import { html, type Content, type Markup } from './markup.ts';

interface Fact {
  readonly term: string;
  readonly value: Content;
  readonly context: Content;
}

/** The verdict on the counts, and the main results. */
export function renderVerdict(report: BenchReport): Markup {
  const lines = verdictLines(report).map(({ tone, text }) => html`<p class="verdict ${tone}">${text}</p>`);
  const facts = [...report.lanes.flatMap(({ lane }) => laneFacts(report, lane)), ...experimentFacts(report)];
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

function laneFacts(report: BenchReport, lane: ScalingReport['lane']): Fact[] {
  const points = report.scaling.filter((point) => point.lane === lane);
  const [first] = points;
  if (first === undefined) return [];
  const fastest = points.reduce((best, point) => (point.recordsPerSecond > best.recordsPerSecond ? point : best));
  const most = points.at(-1) ?? first;
  const rate: Fact = {
    term: `${lane}: records per second`,
    value: exact(fastest.recordsPerSecond, whole(fastest.recordsPerSecond)),
    context: `fastest, with ${counted(fastest.members, 'member')}`,
  };
  if (points.length === 1) return [rate];
  const speedup: Fact = {
    term: `${lane}: speed-up`,
    value: exact(most.speedup, times(most.speedup)),
    context: `${counted(most.members, 'member')} over ${most.baselineMembers}, ${efficiencyText(most)} of the ideal`,
  };
  return [rate, speedup];
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
