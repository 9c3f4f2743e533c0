import { counted, whole } from '../numbers.ts';
import type { FollowView, GroupView } from '../results/live-state.ts';
import { clock, renderMember } from './live-view.ts';

/** The view of a group with 64 members must not fill a terminal. */
const membersMax = 8;
/** A word may be as long as a record. */
const wordLengthMax = 24;

/** Pure: renders three lines for a terminal, members with partitions first; no trailing line break. */
export function renderFollowView(view: FollowView): string {
  const live = view.members
    .filter(({ phase }) => phase !== 'left' && phase !== 'crashed')
    .sort((a, b) => Math.sign(b.partitions.length) - Math.sign(a.partitions.length));
  const members = live.slice(0, membersMax).map((member) => `${member.memberId} ${renderMember(member)}`);
  if (live.length > membersMax) members.push(`${live.length - membersMax} more`);
  const words = view.topWords === undefined ? 'not shown, too many distinct words' : renderTopWords(view.topWords);
  return [renderTotals(view), `  members: ${members.join(' · ')}`, `  top: ${words}`].join('\n');
}

/** Pure: renders one line for a log. */
export function renderFollowLine(view: FollowView): string {
  const words = renderTopWords(view.topWords ?? []);
  return `${renderTotals(view)}${words === '' ? '' : `; top: ${words}`}`;
}

/** Pure: renders the line that follows the last one. */
export function renderFollowEnd(view: FollowView): string {
  return `${view.topic}: ${counted(view.records, 'record')} counted in ${clock(view.elapsedMs)}, ${renderLag(view)}`;
}

function renderTotals(view: FollowView): string {
  const { topic, elapsedMs, records, recordsPerSecond, refused } = view;
  const late = refused === 0 ? '' : `, ${counted(refused, 'late write')} refused`;
  const rate = `${whole(recordsPerSecond)}/s`;
  return `${clock(elapsedMs)}  ${topic}: ${counted(records, 'record')} counted, ${rate}, ${renderLag(view)}${late}`;
}

function renderLag({ lag }: FollowView): string {
  return lag === undefined ? 'lag unknown' : `lag ${whole(lag)}`;
}

function renderTopWords(topWords: GroupView['topWords']): string {
  return topWords.map(({ word, count }) => `${shortened(word)} ${whole(count)}`).join(', ');
}

function shortened(word: string): string {
  const head = Array.from(word.slice(0, 2 * wordLengthMax + 2)).slice(0, wordLengthMax + 1);
  return head.length > wordLengthMax ? `${head.slice(0, wordLengthMax).join('')}…` : word;
}
