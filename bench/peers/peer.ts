import type { Connection } from '../../src/config/connection.ts';
import type { Workload } from '../../src/workload/workload.ts';

export type PeerLane = 'produce' | 'drain' | 'count';
export const peerLanes: readonly PeerLane[] = ['produce', 'drain', 'count'];

/** Settings by the names that their program uses. */
export type PeerSettings = Readonly<Record<string, string | number | boolean>>;

/** A topic, from offset 0, and its contents. */
export interface PeerTopic {
  readonly topic: string;
  /** Record i of it is in partition i mod P. */
  readonly workload: Workload;
  /** End offsets, exclusive, one per partition. */
  readonly endOffsets: readonly number[];
  readonly records: number;
  /** Total bytes of the values; the records have no keys. */
  readonly bytes: number;
  readonly words: number;
  /**
   * Counts computed without Kafka and without the product's tokenizer; see
   * src/workload/reference-counts.ts.
   */
  readonly counts: ReadonlyMap<string, number>;
}

export interface PeerTask {
  readonly connection: Connection;
  readonly topic: PeerTopic;
  /** A group name that was never used before. */
  readonly runId: string;
  /** Folder for files of the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * The result of one program. CPU and memory are measured from outside for the duration that the
 * program measures.
 */
export interface PeerRun {
  /**
   * From the time at which the whole group is assigned to the last processed record. In lane
   * `produce` from before the connection to the last acknowledgement.
   */
  readonly durationMs: number;
  readonly records: number;
  readonly bytes: number;
  /** Lane `count` only. */
  readonly counts: ReadonlyMap<string, number> | undefined;
  /** User and system time of the process within that duration. */
  readonly cpuMs: number;
  /** Greatest resident memory of the process from its start to the end of that duration. */
  readonly peakRssBytes: number;
}

/** One row of the comparison: a program that does the work in a separate process. */
export interface Peer {
  /** Name for --rows. */
  readonly name: string;
  readonly title: string;
  readonly lane: PeerLane;
  /** Number of group members, or of threads where the program uses this word. */
  readonly members: number;
  /** The effective settings, printed with the result. */
  readonly settings: PeerSettings;
  /** Largest difference of the reported bytes that rounding explains. */
  readonly bytesTolerance: number;
  /**
   * Fetches and compiles the row's requirements.
   * @returns why the row can't run on this machine; undefined when it can
   */
  prepare(signal: AbortSignal): Promise<string | undefined>;
  /**
   * @throws Error with the last lines of its output, when the program fails or hangs; the signal's
   *   reason
   */
  run(task: PeerTask): Promise<PeerRun>;
}
