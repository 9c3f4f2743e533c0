import { renderColumns } from '../report/columns.ts';
import { percent, whole } from '../report/numbers.ts';
import { measures, type Comparison, type ComparisonRow } from './comparison.ts';

const verdicts = {
  passed: 'passed: nothing got worse by',
  regression: 'REGRESSION of at least',
  inconclusive: 'inconclusive: noise is too large to tell a change of',
} as const satisfies Record<Comparison['verdict'], string>;

/** Pure: a comparison for people: verdict, a table, what else to know. */
export function renderComparison(comparison: Comparison): string {
  const { rows, notes, before, after, maxRegression, verdict } = comparison;
  const missing = rows.some((row) => row.verdict === 'missing') ? '; a figure is missing, which is a failure' : '';
  return [
    `${verdicts[verdict]} ${percent(maxRegression, 1)}${missing}`,
    `before: ${before}\nafter:  ${after}`,
    renderRows(rows),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ].join('\n\n');
}

function renderRows(rows: readonly ComparisonRow[]): string {
  const right = (title: string, cell: (row: ComparisonRow) => string) =>
    ({ title, align: 'right', cells: rows.map(cell) }) as const;
  const left = (title: string, cell: (row: ComparisonRow) => string) =>
    ({ title, align: 'left', cells: rows.map(cell) }) as const;
  return renderColumns([
    left('lane', ({ lane }) => lane),
    right('members', ({ members }) => String(members)),
    left('measure', ({ measure }) => `${measure} (${measures[measure].better} is better)`),
    right('before', ({ before }) => number(before)),
    right('after', ({ after }) => number(after)),
    right('change', ({ change }) => signed(change)),
    left('interval', ({ low, high }) => (low === undefined ? '' : `${signed(low)} to ${signed(high)}`)),
    right('p', ({ pValue }) => (pValue === undefined ? '' : pValue.toFixed(pValue < 0.001 ? 5 : 3))),
    left('verdict', ({ verdict, note }) => (note === undefined ? verdict : `${verdict}: ${note}`)),
  ]);
}

function number(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 1_000 ? whole(value) : value.toPrecision(4);
}

function signed(share: number | undefined): string {
  if (share === undefined) return '';
  if (!Number.isFinite(share)) return share > 0 ? 'any' : '-100 %';
  return `${share > 0 ? '+' : ''}${percent(share, 1)}`;
}
