import { verdictLines } from '../verdict-lines.ts';
import type { BenchReport, ScalingReport } from '../../results/schema.ts';
import { efficiencyText } from '../../results/efficiency.ts';
import { counted, whole } from '../../results/numbers.ts';
import { exact, times } from './numbers.ts';
import { html, type Content, type Markup } from './markup.ts';

interface Fact {
  readonly term: string;
  readonly value: Content;
  readonly context: Content;
}

/** The verdict on the counts, and the main figures. */
export function renderVerdict(report: BenchReport): Markup {
  const lines = verdictLines(report).map(({ tone, text }) => html`<p class="verdict ${tone}">${text}</p>`);
  const facts = [...report.lanes.flatMap(({ lane }) => laneFacts(report, lane)), ...otherFacts(report)];
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

function otherFacts({ latency, rebalance }: BenchReport): Fact[] {
  const facts: Fact[] = [];
  const point = latency?.points[0];
  if (latency !== undefined && point !== undefined) {
    facts.push({
      term: 'latency: 99 % within',
      value: exact(point.correctedMs.p99, `${point.correctedMs.p99.toFixed(1)} ms`),
      context: `${counted(point.members, 'member')}, ${whole(latency.ratePerSecond)} records/s`,
    });
  }
  if (rebalance !== undefined && rebalance.rows.length > 0) {
    const worst = rebalance.rows.reduce((most, row) => (row.gapsMs.max > most.gapsMs.max ? row : most));
    facts.push({
      term: 'rebalance: longest gap',
      value: exact(worst.gapsMs.max, `${whole(worst.gapsMs.max)} ms`),
      context: `${worst.protocol}, ${worst.cause}`,
    });
  }
  return facts;
}

function renderFailures({ runs }: BenchReport): Content {
  return runs
    .filter(({ verified }) => !verified)
    .map(({ lane, members, repetition, warmUp, differences }) => {
      const name = warmUp ? 'warm-up' : `repetition ${repetition}`;
      const lines = (differences ?? []).map((line) => html`<li>${line}</li>`);
      return html`<p>${lane}, ${counted(members, 'member')}, ${name}: counts differ from the reference</p>
        <ul>
          ${lines}
        </ul>`;
    });
}
