import type { Connection } from '../../src/config/connection.ts';

export type PeerLane = 'drain' | 'count';
export const peerLanes: readonly PeerLane[] = ['drain', 'count'];

/** Settings by the names that their owner gives them. */
export type PeerSettings = Readonly<Record<string, string | number | boolean>>;

/** A topic, from offset 0, and what is in it. */
export interface PeerTopic {
  readonly topic: string;
  /** One a partition, exclusive. */
  readonly endOffsets: readonly number[];
  readonly records: number;
  /** Of their values; they have no keys. */
  readonly bytes: number;
  readonly words: number;
  /** Counted without Kafka and without our counting, see src/workload/reference-counts.ts. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface PeerTask {
  readonly connection: Connection;
  readonly topic: PeerTopic;
  /** Never used before: a name for the group. */
  readonly runId: string;
  /** For files of the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What one program did, measured from outside while its own clock ran. */
export interface PeerRun {
  /** From the whole group assigned to the last record done with. */
  readonly durationMs: number;
  readonly records: number;
  readonly bytes: number;
  /** Of lane `count` only. */
  readonly counts: ReadonlyMap<string, number> | undefined;
  /** User and system time of the process within that duration. */
  readonly cpuMs: number;
  /** Greatest resident memory of the process from its start to the end of that duration. */
  readonly peakRssBytes: number;
}

/** One row of the comparison: a program that does the work in a process of its own. */
export interface Peer {
  /** For --rows. */
  readonly name: string;
  readonly title: string;
  readonly lane: PeerLane;
  /** Group members, or threads where the program calls them so. */
  readonly members: number;
  /** The effective ones, printed with the result. */
  readonly settings: PeerSettings;
  /** What it reports of the bytes may be off by so many, where it rounds. */
  readonly bytesTolerance: number;
  /** Fetches and compiles what it needs. @returns why it can't run on this machine; undefined when it can */
  prepare(signal: AbortSignal): Promise<string | undefined>;
  /** @throws Error with the last lines of its output, when the program fails or hangs; the signal's reason */
  run(task: PeerTask): Promise<PeerRun>;
}
