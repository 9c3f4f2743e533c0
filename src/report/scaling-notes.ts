import { largest } from '../metrics/extremes.ts';
import { efficiencyNotes } from './efficiency.ts';
import { intervalNotes } from './intervals.ts';
import type { ScalingReport } from './schema.ts';

/** What a reader of one lane's points would ask: what ± is worth, and why the curve has the steps that it has. */
export function scalingNotes(points: readonly ScalingReport[], partitions: number): string[] {
  const text = [...intervalNotes(points), ...efficiencyNotes(points)];
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
