/** What stands in the way of bytes in one direction. */
export interface Obstacle {
  /** Nothing passes. Bytes wait, as a network's retransmissions would, and arrive late when the way is free again. */
  readonly closed: boolean;
  /** What every piece waits before it is passed on. */
  readonly delayMs: number;
  /** Infinity for no limit. */
  readonly bytesPerSecond: number;
}

export const noObstacle: Obstacle = { closed: false, delayMs: 0, bytesPerSecond: Infinity };

export type Direction = 'toBroker' | 'toMember';

/** Obstacles between one client and some brokers, as long as the rule stands. */
export interface LinkRule {
  /** Clients whose id begins so. */
  readonly clientIdPrefix: string;
  readonly nodeIds: readonly number[];
  readonly toBroker?: Partial<Obstacle>;
  readonly toMember?: Partial<Obstacle>;
}

export interface Link {
  readonly clientId: string;
  readonly nodeId: number;
}

export function concerns(rule: Pick<LinkRule, 'clientIdPrefix' | 'nodeIds'>, link: Link): boolean {
  return link.clientId.startsWith(rule.clientIdPrefix) && rule.nodeIds.includes(link.nodeId);
}

/** Pure: all rules together. The worst of each kind counts. */
export function obstacleOf(rules: Iterable<LinkRule>, link: Link, direction: Direction): Obstacle {
  let worst = noObstacle;
  for (const rule of rules) {
    const obstacle = rule[direction];
    if (obstacle === undefined || !concerns(rule, link)) continue;
    worst = {
      closed: worst.closed || obstacle.closed === true,
      delayMs: Math.max(worst.delayMs, obstacle.delayMs ?? 0),
      bytesPerSecond: Math.min(worst.bytesPerSecond, obstacle.bytesPerSecond ?? Infinity),
    };
  }
  return worst;
}
