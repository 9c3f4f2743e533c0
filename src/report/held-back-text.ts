import { whole } from './numbers.ts';

/** The same shape as in kafka/held-back.ts. */
interface HeldBack {
  readonly partition: number;
  readonly fromOffset: number;
  readonly toOffset: number;
}

const listMax = 5;

/** A line for what open transactions keep from being read. @param heldBack - one partition at least */
export function renderHeldBack(topic: string, heldBack: readonly HeldBack[]): string {
  const listed = heldBack
    .slice(0, listMax)
    .map(
      ({ partition, fromOffset, toOffset }) =>
        `partition ${partition} from offset ${fromOffset} on (${whole(toOffset - fromOffset)} offsets)`,
    );
  const more = heldBack.length > listMax ? ` and ${whole(heldBack.length - listMax)} more` : '';
  return `topic '${topic}': an open transaction holds back ${listed.join(', ')}${more}; waiting for its end`;
}
