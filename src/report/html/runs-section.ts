import type { BenchReport } from '../../results/schema.ts';
import { renderScatter } from './run-scatter.ts';
import { renderFigures, type Section } from './section.ts';
import { renderShares } from './shares-figure.ts';

/** Plots of every run, and of the share of each member. */
export function runsSection({ runs }: BenchReport): Section | undefined {
  if (runs.length === 0) return undefined;
  return { id: 'runs', title: 'Runs', content: renderFigures([renderScatter(runs), renderShares(runs)]) };
}
