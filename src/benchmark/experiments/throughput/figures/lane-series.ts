import type { Lane } from '../../../../config/lanes.ts';
import { seriesColour, type Series } from '../../../../report/html/series.ts';

const laneLooks = {
  drain: { colour: seriesColour(0), symbol: 'circle', dashes: 'none' },
  work: { colour: seriesColour(1), symbol: 'square', dashes: '8 3' },
} as const satisfies Readonly<Record<Lane, Omit<Series, 'name'>>>;

/** The appearance of a lane in charts. */
export function laneSeries(lane: Lane) {
  return { name: lane, ...laneLooks[lane] };
}
