import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { ClusterError } from '../../errors.ts';
import { clientCode, clientError, startError } from './client-errors.ts';
import { commitResult, createConsumer } from './consumer-callbacks.ts';
import { joinRefusal } from './join-refusals.ts';
import { OwnBuffers, topicPartitions, withTopic } from './consumer-options.ts';
import type { BatchBuffers, BatchConsumerOptions, CommitResult, Position, RebalanceEvent } from './consumer-options.ts';
import type { NativeConsumer, NativeError } from './native-client.ts';
import { nowMs } from '../../time/clock.ts';

/** Numbers of a row of `BatchConsumer.rows`, at `index * rowFields`. */
export const row = {
  partition: 0,
  offset: 1,
  /** Milliseconds since 1970, -1 when the record has none. */
  timestampMs: 2,
  /** Index in `values` of the value's first byte. */
  start: 3,
  /** Bytes of the value; -1 for null, `partitionEnd` when the row is not a record. */
  length: 4,
} as const;
export const rowFields = 5;

/**
 * Length of a row that marks the current end of its partition (with `enable.partition.eof`). Its
 * offset is that of the next record; lower offsets without a row (transaction markers, aborted
 * records) never become records.
 */
export const partitionEnd = -2;

export type { CommitResult, Position, RebalanceEvent };

const valuesBytesFirst = 1_048_576;
const closePollMs = 50;

/**
 * Consumer of a group member, for its own thread. All calls are synchronous, return within 100 ms
 * and use no other thread of ours, so the thread may be terminated at any time; the group then
 * misses the member as after a crash. Callbacks run on this thread's event loop, so yield to it
 * between two batches.
 */
export class BatchConsumer {
  readonly #options: BatchConsumerOptions;
  readonly #buffers: BatchBuffers;
  readonly #native: NativeConsumer;
  #open = false;

  /** @throws ClusterError usage for a rejected property, environment without the built client */
  constructor(options: BatchConsumerOptions) {
    this.#options = options;
    this.#buffers = options.buffers ?? new OwnBuffers();
    this.#buffers.reserve({ valuesBytes: valuesBytesFirst, rowNumbers: 0 });
    this.#native = createConsumer(options, () => this.#open);
  }

  /** Rows of the last batch, see `row`. */
  get rows(): Float64Array {
    return this.#buffers.rows;
  }

  /** For the producer that sends this consumer's offsets. */
  get source(): { readonly native: NativeConsumer; readonly topic: string } {
    return { native: this.#native, topic: this.#options.topic };
  }

  /** Bytes of the last batch. */
  get values(): Uint8Array {
    return this.#buffers.values;
  }

  /** Creates the client, which connects in the background. @throws ClusterError usage */
  connect(): void {
    try {
      this.#native.connectSync();
    } catch (error) {
      throw startError(error as NativeError, this.#options.connection);
    }
    this.#open = true;
  }

  /** Asks to join the group. */
  subscribe(): void {
    this.#check('subscribe', this.#native.subscribe([this.#options.topic]));
  }

  /**
   * Waits for a record, then takes all available ones. Records of a partition arrive in offset
   * order. None arrives from a partition that was unassigned or paused before, nor from before a
   * seek.
   * @param timeoutMs - 0 to 100
   * @param recordsMax - at least 1
   * @returns rows filled, 0 when nothing arrived in time
   * @throws ClusterError memberFailed when the client cannot continue; groupRefused, groupFull or
   * memberFenced when the coordinator rejects it (join-refusals.ts). Transient errors go to
   * `onError` instead
   */
  consumeBatch(timeoutMs: number, recordsMax: number): number {
    this.#buffers.reserve({ valuesBytes: 0, rowNumbers: recordsMax * rowFields });
    const result = this.#native.consumeBatch(this.values, this.rows, timeoutMs, recordsMax);
    if (result >= 0) return result;
    if (result === -1) {
      this.#reportErrors();
      return 0;
    }
    // A record that is larger than the whole buffer.
    this.#buffers.reserve({ valuesBytes: 2 ** Math.ceil(Math.log2(-result)), rowNumbers: 0 });
    return this.consumeBatch(0, recordsMax);
  }

  /** @returns false when it came too late: the group has moved on, and another rebalance follows */
  assign(positions: readonly Position[]): boolean {
    return this.#inTime('assign', () => {
      this.#native.assign(withTopic(this.#options.topic, positions));
    });
  }

  /** @returns false when it came too late */
  unassign(): boolean {
    return this.#inTime('unassign', () => {
      this.#native.unassign();
    });
  }

  /** @returns false when it came too late */
  incrementalAssign(positions: readonly Position[]): boolean {
    return this.#inTime('assign', () => {
      this.#native.incrementalAssign(withTopic(this.#options.topic, positions));
    });
  }

  /** @returns false when it came too late */
  incrementalUnassign(partitions: readonly number[]): boolean {
    return this.#inTime('unassign', () => {
      this.#native.incrementalUnassign(topicPartitions(this.#options.topic, partitions));
    });
  }

  pause(partitions: readonly number[]): void {
    this.#check('pause', this.#native.pause(topicPartitions(this.#options.topic, partitions)));
  }

  resume(partitions: readonly number[]): void {
    this.#check('resume', this.#native.resume(topicPartitions(this.#options.topic, partitions)));
  }

  /** @returns false when the partition is not being fetched, so its position did not change */
  seek(partition: number, offset: number): boolean {
    const code = this.#native.seekSync({ topic: this.#options.topic, partition, offset });
    if (code === clientCode.state || code === clientCode.unknownPartition) return false;
    // The client is slow to answer, but will seek before it fetches on.
    if (code !== clientCode.timedOut) this.#check('seek', code);
    return true;
  }

  /** Commits the offsets of the next records to read, in the background; see `onCommit`. */
  commit(positions: readonly Position[]): void {
    if (positions.length === 0) return;
    const partitions = withTopic(this.#options.topic, positions);
    const code = this.#native.commit(partitions);
    if (code !== 0) this.#options.onCommit?.(commitResult(this.#options.connection, code, partitions));
  }

  rebalanceProtocol(): 'EAGER' | 'COOPERATIVE' | 'NONE' {
    const protocol = this.#native.rebalanceProtocol();
    return protocol === 'EAGER' || protocol === 'COOPERATIVE' ? protocol : 'NONE';
  }

  /** The group's generation, or this member's epoch, that it has joined; -1 when it has not. */
  generation(): number {
    return this.#native.generation();
  }

  /** The coordinator's name for this member, empty before it has joined. */
  memberId(): string {
    return this.#native.memberId();
  }

  /**
   * Kafka's id of the topic that all batches so far came from.
   * @returns 32 hexadecimal digits; empty when the brokers report no id; null when the id has
   * changed since the first batch
   */
  topicId(): string | null {
    return this.#native.topicId(this.#options.topic);
  }

  /**
   * Gives up all partitions and leaves the group, without further callbacks; commit and release
   * what you own first.
   * @param timeoutMs - limits the wait for the group; the client is destroyed in any case
   * @returns whether the group was left; if not, it detects the loss after the session timeout
   */
  async close(timeoutMs: number): Promise<boolean> {
    if (!this.#open) return true;
    this.#open = false;
    const deadlineMs = nowMs() + timeoutMs;
    let left = false;
    if (this.#native.closeStart() === 0) {
      while (!(left = this.#native.closePoll(Math.min(closePollMs, Math.max(0, deadlineMs - nowMs()))))) {
        if (nowMs() >= deadlineMs) break;
        await yieldToEvents();
      }
    }
    this.#native.destroySync();
    return left;
  }

  #reportErrors(): void {
    for (const error of this.#native.takeBatchErrors()) {
      const what = error.partition < 0 ? 'consumer' : `partition ${error.partition}`;
      const reported = this.#error(what, error);
      const { onOutOfRange } = this.#options;
      if (error.code === clientCode.autoOffsetReset && error.partition >= 0 && onOutOfRange !== undefined) {
        onOutOfRange(error.partition);
        continue;
      }
      const refusal = error.partition < 0 ? this.#refusal(error.code) : undefined;
      if (refusal !== undefined) throw refusal;
      if (error.isFatal) throw new ClusterError('memberFailed', reported.message);
      this.#options.onError(reported);
    }
  }

  #refusal(code: number): ClusterError | undefined {
    const { groupId, properties, connection } = this.#options;
    return joinRefusal(code, { groupId, properties: { ...properties, ...connection.properties } });
  }

  #inTime(what: string, call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      if ((error as NativeError).code === clientCode.state) return false;
      throw this.#error(what, error as NativeError);
    }
  }

  #check(what: string, code: number): void {
    if (code !== 0) throw this.#error(what, { code, message: 'the client rejected the call' });
  }

  #error(what: string, native: { readonly code: number; readonly message: string }): ClusterError {
    return clientError(native, { connection: this.#options.connection, what });
  }
}
