import { largest } from '../../../statistics/extremes.ts';
import { efficiencyNotes } from '../../../results/efficiency.ts';
import { intervalNotes } from '../../../results/intervals.ts';
import type { ScalingReport } from '../../../results/report-parts.ts';

/** Notes on the points of one lane: the meaning of ±, and the reasons for steps in the curve. */
export function scalingNotes(points: readonly ScalingReport[], partitions: number): string[] {
  const text = [...intervalNotes(points), ...efficiencyNotes(points)];
  for (const { members, assignment } of points) {
    const most = largest(assignment.map((owned) => owned.length));
    if (members >= partitions || partitions % members === 0) continue;
    const shares = assignment.map((owned) => owned.length).join('+');
    text.push(
      `${members} members share ${partitions} partitions ${shares}: those with ${most} finish last, so the speed-up is at most ${(partitions / most).toFixed(2)}`,
    );
  }
  if (points.some(({ members }) => members > partitions)) {
    text.push(`a partition has one owner: members beyond ${partitions} are standbys (-) and add no throughput`);
  }
  return text;
}
