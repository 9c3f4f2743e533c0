import type { Markup } from '../../../../report/html/markup.ts';
import type { LatencyReport } from '../latency-schema.ts';
import { renderCapacity } from './capacity-figure.ts';
import { renderPercentileCurve } from './percentile-figure.ts';
import { renderSplit } from './split-figure.ts';

export function figures({ points, capacity = [] }: LatencyReport): readonly Markup[] {
  return [
    ...points.map((point) => renderPercentileCurve(point)),
    ...points.map((point) => renderSplit(point)),
    ...capacity.map((search) => renderCapacity(search)),
  ];
}
