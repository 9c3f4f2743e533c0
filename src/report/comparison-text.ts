import { renderColumns } from './columns.ts';
import { counted, percent, whole } from '../numbers.ts';
import { coverageMin, type Comparison, type ComparisonRow } from '../results/compare/comparison.ts';

const verdicts = {
  passed: 'passed: no measure is worse by',
  regression: 'REGRESSION of at least',
  inconclusive: 'inconclusive: cannot exclude a regression of',
} as const satisfies Record<Comparison['verdict'], string>;

const unitNames = { repetition: 'repetition', bench: 'bench', pair: 'pair of processes' } as const;

/** Pure: renders a comparison as text: verdict, table, notes. */
export function renderComparison(comparison: Comparison): string {
  const { rows, notes, before, after, maxRegression, verdict } = comparison;
  const missing = rows.some((row) => row.verdict === 'missing') ? '; a missing figure counts as a failure' : '';
  return [
    `${verdicts[verdict]} ${percent(maxRegression, 1)}${missing}`,
    `before: ${before}\nafter:  ${after}`,
    renderRows(rows),
    [...testNotes(comparison), ...notes].join('\n'),
  ].join('\n\n');
}

/** The basis of the tests: the independent unit and the number of tests. */
function testNotes({ unit, units, tests, alpha, rows }: Comparison): string[] {
  if (tests === 0) return [];
  const sides = `${whole(units.before)} before, ${whole(units.after)} after`;
  const counts = { repetition: sides, bench: sides, pair: whole(units.before) } as const;
  const few = rows.some(({ coverage = 1 }) => coverage < coverageMin);
  return [
    `p is one-sided, in the direction of the change; the independent unit is one ${unitNames[unit]} (${counts[unit]})`,
    `the probability of a false alarm is at most ${percent(alpha)}: p is adjusted for all ${counted(tests, 'test')} of this verdict`,
    ...(few ? ['too few values for an interval: minimum and maximum'] : []),
  ];
}

function renderRows(rows: readonly ComparisonRow[]): string {
  const right = (title: string, cell: (row: ComparisonRow) => string) =>
    ({ title, align: 'right', cells: rows.map(cell) }) as const;
  const left = (title: string, cell: (row: ComparisonRow) => string) =>
    ({ title, align: 'left', cells: rows.map(cell) }) as const;
  return renderColumns([
    left('lane', ({ lane }) => lane),
    right('members', ({ members }) => String(members)),
    ...(rows.some(({ label }) => label !== undefined) ? [left('point', ({ label = '' }) => label)] : []),
    left('measure', ({ measure, better }) => `${measure} (${better} is better)`),
    right('before', ({ before }) => number(before)),
    right('after', ({ after }) => number(after)),
    right('change', ({ change }) => signed(change)),
    left('interval, 90 %', interval),
    right('p', ({ pValue }) => (pValue === undefined ? '' : pValue.toFixed(pValue < 0.001 ? 5 : 3))),
    left('verdict', ({ verdict, note }) => (note === undefined ? verdict : `${verdict}: ${note}`)),
  ]);
}

/** Two-sided interval of the change, or the range when there are too few values for an interval. */
function interval({ low, high, coverage = 0 }: ComparisonRow): string {
  if (low === undefined) return '';
  return `${signed(low)} to ${signed(high)}${coverage < coverageMin ? ' (range)' : ''}`;
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
