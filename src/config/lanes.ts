/** What a run of the bench measures: plain draining, or draining where each record costs a service time. */
export const lanes = ['drain', 'work'] as const;
export type Lane = (typeof lanes)[number];

/** Everything that bench measures. Lanes latency and rebalance produce at a steady rate; drain and work read a full topic. */
export const benchLanes = {
  drain: 'as fast as possible',
  work: 'each record costs --work-us',
  latency: 'record latency by stage',
  rebalance: 'cost of membership changes',
} as const satisfies Readonly<Record<Lane | 'latency' | 'rebalance', string>>;
export type BenchLane = keyof typeof benchLanes;

export function isThroughputLane(lane: BenchLane): lane is Lane {
  return lane === 'drain' || lane === 'work';
}

/** Records of all runs of the latency lane together: each takes some 50 bytes of memory. */
export const latencyRecordsMax = 20_000_000;
