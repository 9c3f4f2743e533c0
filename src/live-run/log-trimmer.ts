import type { GroupSnapshot } from '../cluster/snapshot.ts';
import { smallest } from '../statistics/extremes.ts';
import { sleep } from '../time/sleep.ts';
import type { Tokenizer } from '../config/tokenizers.ts';
import { CountedLog, type CountedLogOptions } from './counted-log.ts';

export interface TrimmerOptions {
  readonly log: CountedLog;
  /** Current snapshots of all groups. */
  readonly snapshots: () => readonly Pick<GroupSnapshot, 'partitions' | 'records' | 'bytes'>[];
  /** Size of the records that all groups have counted and that stay in the log. */
  readonly retainBytes: number;
  /** Called at the first of consecutive failed deletions. */
  readonly onFailure: (error: unknown) => void;
}

const intervalMs = 2_000;
/** Approximate size of offset, key, timestamp and headers in a batch. */
const recordOverheadBytes = 8;

/**
 * Deletes records that every group has counted from a log that would otherwise grow without limit.
 * The newest half of `retainBytes` stays: a new owner of a partition starts at its table's offset,
 * but brokers may be a step behind.
 */
export class LogTrimmer {
  readonly #options: TrimmerOptions;
  readonly #ended = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: TrimmerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /**
   * Resolves when deleting has ended.
   * @param how - `kill` aborts a reread, since no comparison follows
   */
  async end(how: 'drain' | 'kill'): Promise<void> {
    this.#ended.abort();
    if (how === 'kill') this.#abandoned.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, onFailure } = this.#options;
    const { signal } = this.#ended;
    let failing = false;
    while (!signal.aborted) {
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
      const upTo = this.#due();
      if (upTo === undefined || this.#ended.signal.aborted) continue;
      try {
        // An orderly end waits for this deletion.
        await log.deleteBefore(upTo, this.#abandoned.signal);
        failing = false;
      } catch (error) {
        if (!failing && !this.#abandoned.signal.aborted) onFailure(error);
        failing = true;
      }
    }
  }

  /** @returns the new first offsets; undefined while the log holds too few counted records */
  #due(): readonly number[] | undefined {
    const { log, snapshots, retainBytes } = this.#options;
    const groups = snapshots();
    const counted = log.deletedTo.map((_, partition) =>
      smallest(groups.map(({ partitions }) => partitions[partition]?.nextOffset ?? 0)),
    );
    const total = (of: (group: (typeof groups)[number]) => number): number =>
      groups.reduce((sum, group) => sum + of(group), 0);
    const records = total((group) => group.records);
    const recordBytes = recordOverheadBytes + (records === 0 ? 0 : total((group) => group.bytes) / records);
    const kept = counted.reduce((sum, offset, partition) => sum + offset - (log.deletedTo[partition] ?? 0), 0);
    if (kept * recordBytes < retainBytes) return undefined;
    const margin = Math.ceil(retainBytes / 2 / recordBytes / counted.length);
    return counted.map((offset, partition) => Math.max(log.deletedTo[partition] ?? 0, offset - margin));
  }
}

/** Deletes the counted records of a topic that belongs to one run of unlimited duration. */
export interface Retention {
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** @returns undefined when nothing is to be deleted */
export function startRetention(
  options: Pick<CountedLogOptions, 'connection' | 'topic' | 'beginOffsets'> & {
    readonly retention?: Retention;
    /** False means that no comparison follows, so that deleted records need not be reread. */
    readonly history?: unknown;
    readonly groups: readonly { readonly config: { readonly tokenizer: Tokenizer } }[];
  },
  groups: readonly { snapshot(): GroupSnapshot }[],
): { readonly log: CountedLog; readonly trimmer: LogTrimmer } | undefined {
  const { retention, connection, topic, beginOffsets, history } = options;
  const tokenizer = options.groups[0]?.config.tokenizer;
  if (retention === undefined || tokenizer === undefined) return undefined;
  const { bytes: retainBytes, timeoutMs, onFailure } = retention;
  const readAgain = history !== false;
  const log = new CountedLog({ connection, topic, beginOffsets, tokenizer, readAgain, timeoutMs });
  const snapshots = (): GroupSnapshot[] => groups.map((group) => group.snapshot());
  return { log, trimmer: new LogTrimmer({ log, snapshots, retainBytes, onFailure }) };
}
