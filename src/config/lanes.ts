/** Lanes that read a full topic, as fast as possible or with a service time for each record. */
export const lanes = ['drain', 'work'] as const;
export type Lane = (typeof lanes)[number];

/** All lanes of `bench`. Lanes latency and rebalance produce at a steady rate. */
export const benchLanes = {
  drain: 'as fast as possible',
  work: 'each record costs --work-us',
  latency: 'record latency by stage',
  rebalance: 'cost of membership changes',
} as const satisfies Readonly<Record<Lane | 'latency' | 'rebalance', string>>;
export type BenchLane = keyof typeof benchLanes;

export function isThroughputLane(lane: BenchLane): lane is Lane {
  return lanes.some((name) => name === lane);
}

/** Limit of records of all runs of lane latency together: each takes about 50 bytes of memory. */
export const latencyRecordsMax = 20_000_000;
