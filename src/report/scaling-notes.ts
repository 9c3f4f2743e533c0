import { largest } from '../metrics/extremes.ts';
import type { ScalingReport } from './schema.ts';

/** What a reader of one lane's points would ask: what ± is worth, and why the curve has the steps that it has. */
export function scalingNotes(points: readonly ScalingReport[], partitions: number): string[] {
  const { coverage, method } = points.reduce(
    (worst, { intervals }) =>
      intervals.recordsPerSecond.coverage < worst.coverage ? intervals.recordsPerSecond : worst,
    { coverage: 1, method: 'order-statistics' } as ScalingReport['intervals']['speedup'],
  );
  const percent = (100 * coverage).toFixed(0);
  const text: string[] = [];
  if (coverage > 0) {
    text.push(
      method === 'range'
        ? `± is the range of the runs, which holds the true median with ${percent} %; 6 repetitions make that 95 %`
        : `± is the ${percent} % interval of the median`,
    );
  }
  for (const { members, assignment } of points) {
    const most = largest(assignment.map((owned) => owned.length));
    if (members >= partitions || partitions % members === 0) continue;
    const shares = assignment.map((owned) => owned.length).join('+');
    text.push(
      `${members} members share ${partitions} partitions ${shares}: those with ${most} set the pace, so ${(partitions / most).toFixed(2)} times one is the most`,
    );
  }
  if (points.some(({ members }) => members > partitions)) {
    text.push(`a partition has one owner: beyond ${partitions} members the others stand by (-) and add nothing`);
  }
  return text;
}
