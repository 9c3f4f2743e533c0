import type { Markup } from '../../../../report/html/markup.ts';
import type { RebalanceReport } from '../rebalance-schema.ts';
import { renderGaps } from './gaps-figure.ts';
import { ownershipsOf } from './swim-lanes-chart.ts';
import { renderSwimLanes } from './swim-lanes-figure.ts';

export function figures(report: RebalanceReport): readonly Markup[] {
  return report.rows.length === 0
    ? []
    : [renderGaps(report.rows), ...ownershipsOf(report).map((owned) => renderSwimLanes(owned))];
}
