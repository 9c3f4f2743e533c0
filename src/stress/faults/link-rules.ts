/** What slows down or blocks bytes in one direction. */
export interface Obstacle {
  /**
   * No byte passes. Bytes wait, as a network's retransmissions do, and arrive late when the link is
   * open again.
   */
  readonly closed: boolean;
  /** How long each chunk waits before it is passed on. */
  readonly delayMs: number;
  /** Infinity means no limit. */
  readonly bytesPerSecond: number;
}

export const noObstacle: Obstacle = { closed: false, delayMs: 0, bytesPerSecond: Infinity };

export type Direction = 'toBroker' | 'toMember';

/** Obstacles between a client and brokers, while the rule is in force. */
export interface LinkRule {
  /** The rule applies to clients whose id begins with it. */
  readonly clientIdPrefix: string;
  /** The rule applies only to connections from ports of which this is true; default: all. */
  readonly isFrom?: (clientPort: number) => boolean;
  readonly nodeIds: readonly number[];
  readonly toBroker?: Partial<Obstacle>;
  readonly toMember?: Partial<Obstacle>;
}

export interface Link {
  readonly clientId: string;
  readonly nodeId: number;
  /** TCP port of the client. */
  readonly clientPort: number;
}

export function matches(rule: Pick<LinkRule, 'clientIdPrefix' | 'nodeIds' | 'isFrom'>, link: Link): boolean {
  const { clientIdPrefix, nodeIds, isFrom } = rule;
  return (
    link.clientId.startsWith(clientIdPrefix) && nodeIds.includes(link.nodeId) && (isFrom?.(link.clientPort) ?? true)
  );
}

/** Combines all rules; the worst obstacle of each kind counts. Pure. */
export function obstacleOf(rules: Iterable<LinkRule>, link: Link, direction: Direction): Obstacle {
  let worst = noObstacle;
  for (const rule of rules) {
    const obstacle = rule[direction];
    if (obstacle === undefined || !matches(rule, link)) continue;
    worst = {
      closed: worst.closed || obstacle.closed === true,
      delayMs: Math.max(worst.delayMs, obstacle.delayMs ?? 0),
      bytesPerSecond: Math.min(worst.bytesPerSecond, obstacle.bytesPerSecond ?? Infinity),
    };
  }
  return worst;
}
