import { counted, whole } from '../numbers.ts';
/** The same shape as in kafka/kafkajs/topic-range.ts. */
interface HeldBack {
  readonly partition: number;
  readonly fromOffset: number;
  readonly toOffset: number;
}

const listMax = 5;

/** One line about offsets that open transactions block. @param heldBack - at least one partition */
export function renderHeldBack(topic: string, heldBack: readonly HeldBack[]): string {
  const listed = heldBack
    .slice(0, listMax)
    .map(
      ({ partition, fromOffset, toOffset }) =>
        `partition ${partition} from offset ${fromOffset} on (${counted(toOffset - fromOffset, 'offset')})`,
    );
  const more = heldBack.length > listMax ? ` and ${whole(heldBack.length - listMax)} more` : '';
  return `topic '${topic}': an open transaction blocks ${listed.join(', ')}${more}; waiting for it to commit or abort`;
}
