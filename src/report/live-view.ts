import { formatNumbers } from '../config/number-ranges.ts';
import type { GroupView, LiveView } from '../results/live-state.ts';
import { whole } from '../results/numbers.ts';

/** Formats elapsed time: `1:05`. */
export function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Pure: renders one line for the topic, and two or three for each group; no trailing line break.
 */
export function renderLiveView(view: LiveView): string {
  const head = `${clock(view.elapsedMs)}  topic: ${whole(view.produced)} records, ${whole(view.producedPerSecond)}/s in`;
  return [head, ...view.groups.flatMap(renderGroup)].join('\n');
}

function renderGroup(group: GroupView): string[] {
  const refused = group.refused === 0 ? '' : `, ${whole(group.refused)} late writes refused`;
  const head = `  ${group.name}: ${whole(group.records)} counted, ${whole(group.recordsPerSecond)}/s, lag ${whole(group.lag)}${refused}`;
  const live = group.members.filter(({ phase }) => phase !== 'left');
  const members = live.map((member) => `${group.name}${member.memberId} ${renderMember(member)}`);
  const words = group.topWords.map((entry) => `${entry.word} ${whole(entry.count)}`);
  return [head, `     ${members.join(' · ')}`, ...(words.length === 0 ? [] : [`     top: ${words.join(', ')}`])];
}

function renderMember({ phase, partitions, recordsPerSecond }: GroupView['members'][number]): string {
  if (partitions.length === 0) return phase;
  const draining = phase === 'assigned' ? '' : ` ${phase}`;
  return `{${formatNumbers([...partitions].sort((a, b) => a - b))}}${draining} ${whole(recordsPerSecond)}/s`;
}
