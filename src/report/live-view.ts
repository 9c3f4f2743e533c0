import { formatNumbers } from '../config/number-ranges.ts';
import type { GroupView, LiveView } from '../results/live-state.ts';
import { counted, whole } from '../numbers.ts';

/** Formats elapsed time: `1:05`, and `2:01:05` from one hour on. */
export function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours === 0 ? minutes : `${hours}:${two(minutes)}`}:${two(seconds % 60)}`;
}

/**
 * Pure: renders one line for the topic, and two or three for each group; no trailing line break.
 */
export function renderLiveView(view: LiveView): string {
  const head = `${clock(view.elapsedMs)}  topic: ${counted(view.produced, 'record')}, ${whole(view.producedPerSecond)}/s in`;
  return [head, ...view.groups.flatMap(renderGroup)].join('\n');
}

function renderGroup(group: GroupView): string[] {
  const refused = group.refused === 0 ? '' : `, ${counted(group.refused, 'late write')} refused`;
  const head = `  ${group.name}: ${whole(group.records)} counted, ${whole(group.recordsPerSecond)}/s, lag ${whole(group.lag)}${refused}`;
  const live = group.members.filter(({ phase }) => phase !== 'left');
  const members = live.map((member) => `${group.name}${member.memberId} ${renderMember(member)}`);
  const words = group.topWords.map((entry) => `${entry.word} ${whole(entry.count)}`);
  return [head, `     ${members.join(' · ')}`, ...(words.length === 0 ? [] : [`     top: ${words.join(', ')}`])];
}

/** Renders the partitions and the rate of a member, or its phase while it has no partitions. */
export function renderMember({ phase, partitions, recordsPerSecond }: GroupView['members'][number]): string {
  if (partitions.length === 0) return phase;
  const draining = phase === 'assigned' ? '' : ` ${phase}`;
  return `{${formatNumbers([...partitions].sort((a, b) => a - b))}}${draining} ${whole(recordsPerSecond)}/s`;
}
