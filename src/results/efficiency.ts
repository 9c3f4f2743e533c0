import { counted, percent } from '../numbers.ts';
import type { ScalingReport } from './report-parts.ts';

type Point = Pick<ScalingReport, 'efficiency'>;

/** Noise, or start-up costs of the smallest group, explain efficiencies up to this limit. */
const efficiencyMax = 1.05;

/**
 * Efficiency cannot really exceed 100 %, so a higher value means that the baseline was limited by
 * something else.
 */
function isBeyond({ efficiency }: Point): boolean {
  return efficiency > efficiencyMax;
}

/** Pure: formats the efficiency, such as `96 %`; impossible values become `> 100 %`. */
export function efficiencyText(point: Point): string {
  return isBeyond(point) ? '> 100 %' : percent(point.efficiency);
}

/** Pure: a line that explains an efficiency of more than 100 %. */
export function efficiencyNotes(points: readonly ScalingReport[]): string[] {
  const beyond = points.filter(isBeyond);
  const [first] = beyond;
  if (first === undefined) return [];
  const members = beyond.map((point) => point.members).join(', ');
  const { baselineMembers, runs } = first;
  const advice = runs < 3 ? ': pass --repetitions 5' : '';
  return [
    `> 100 % (members: ${members}): the speed-up exceeds the ideal, so ${counted(baselineMembers, 'member')} ran below the rate that a member can reach, because of a cost that larger groups share (fetching many partitions, a cold start) or noise${advice}`,
  ];
}
