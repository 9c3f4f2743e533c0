import { clientIdPrefix, type FaultChoice, type FaultWorld } from '../fault-world.ts';
import type { Aim } from '../fault.ts';
import type { Direction } from '../link-rules.ts';

interface Cut {
  readonly directions: readonly Direction[];
  readonly text: string;
}

const bothWays: Cut = { directions: ['toBroker', 'toMember'], text: '' };
/** Half of the cuts block both directions, a quarter each direction alone. */
const cuts: readonly Cut[] = [
  bothWays,
  bothWays,
  { directions: ['toBroker'], text: ', requests only' },
  { directions: ['toMember'], text: ', responses only' },
];

/** Blocks the traffic between a member and brokers, in one direction or both. */
export function cutLink(
  world: FaultWorld,
  { random }: FaultChoice,
  link: { readonly memberId: number; readonly nodeIds: readonly number[] },
): Aim | undefined {
  const { proxy } = world;
  if (proxy === undefined) return undefined;
  const { directions, text } = cuts[Math.floor(random() * cuts.length)] ?? bothWays;
  const { memberId, nodeIds } = link;
  return {
    text: `member ${memberId} and broker ${nodeIds.join(', ')}${text}`,
    members: [memberId],
    begin: () => {
      const closed = Object.fromEntries(directions.map((direction) => [direction, { closed: true }]));
      const heal = proxy.add({ clientIdPrefix: clientIdPrefix(world, memberId), nodeIds, ...closed });
      return Promise.resolve(() => {
        heal();
        return Promise.resolve();
      });
    },
  };
}
