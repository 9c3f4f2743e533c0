import { compareCounts } from '../../src/workload/compare-counts.ts';
import { shuffled, seededRandom } from '../../src/seeded-random.ts';
import type { Peer, PeerRun, PeerTopic } from './peer.ts';
import { nounFor } from '../../src/numbers.ts';

export interface PlannedPeerRun<Row = Peer> {
  readonly peer: Row;
  /** Counted from 1; 0 for a warm-up. */
  readonly repetition: number;
}

/**
 * Plans each row once as a warm-up, and then each repetition with every row once, in a new random
 * order, so that a drift of the machine affects all rows alike.
 */
export function planPeerRuns<Row>(peers: readonly Row[], repetitions: number, seed: number): PlannedPeerRun<Row>[] {
  const random = seededRandom(seed);
  return Array.from({ length: repetitions + 1 }, (_, repetition) =>
    shuffled(peers, random).map((peer) => ({ peer, repetition })),
  ).flat();
}

/** One run with its result. */
export interface PeerSample {
  readonly name: string;
  readonly repetition: number;
  /** Undefined when the program failed. */
  readonly run: PeerRun | undefined;
  /** Differences from the expected result; empty for an exact run. */
  readonly differences: readonly string[];
}

const listMax = 3;

/** Differences of a run from the expected result, one line each. Pure. */
export function differencesOf(run: PeerRun, topic: PeerTopic, bytesTolerance: number): string[] {
  const lines: string[] = [];
  if (run.records !== topic.records) lines.push(`${run.records} of ${topic.records} records`);
  if (Math.abs(run.bytes - topic.bytes) > bytesTolerance) lines.push(`${run.bytes} of ${topic.bytes} bytes`);
  if (!(run.durationMs > 0)) lines.push(`a duration of ${run.durationMs} ms`);
  if (run.counts === undefined) return lines;
  const { missing, extra, different, differing } = compareCounts(run.counts, topic.counts, listMax);
  const listed = [...missing, ...extra, ...different].slice(0, listMax);
  if (differing > 0) lines.push(`${differing} ${nounFor(differing, 'word differs', 'words differ')}`);
  return [
    ...lines,
    ...listed.map(({ word, count, reference }) => `${JSON.stringify(word)}: ${count} instead of ${reference}`),
  ];
}
