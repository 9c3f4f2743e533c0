/** What a run of the bench measures: plain draining, or draining where each record costs a service time. */
export const lanes = ['drain', 'work'] as const;
export type Lane = (typeof lanes)[number];

/** All that a bench can do. Lane latency has a schedule instead of a full topic, lane rebalance changes the group. */
export const benchLanes = [...lanes, 'latency', 'rebalance'] as const;
export type BenchLane = (typeof benchLanes)[number];

export function isThroughputLane(lane: BenchLane): lane is Lane {
  return lane === 'drain' || lane === 'work';
}

/** Records of all runs of the latency lane together: each takes some 50 bytes of memory. */
export const latencyRecordsMax = 20_000_000;
