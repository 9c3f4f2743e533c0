import type { Markup } from '../../../../report/html/markup.ts';
import type { ThroughputReport } from '../throughput-schema.ts';
import { renderScatter } from './run-scatter.ts';
import { renderCostFigure, renderEfficiencyFigure, renderRateFigure, renderSpeedupFigure } from './scaling-figures.ts';
import { renderShares } from './shares-figure.ts';

export function figures(report: ThroughputReport): readonly Markup[] {
  const { lanes, scaling, runs } = report;
  const measured = lanes.filter(({ lane }) => scaling.some((point) => point.lane === lane));
  const curves = new Set(scaling.map(({ members }) => members)).size > 1;
  return [
    ...(curves ? [renderSpeedupFigure(report), renderEfficiencyFigure(report)] : []),
    ...measured.map(({ lane }) => renderRateFigure(report, lane)),
    ...(scaling.length === 0 ? [] : [renderCostFigure(report)]),
    ...(runs.length === 0 ? [] : [renderScatter(runs), renderShares(runs)]),
  ];
}
