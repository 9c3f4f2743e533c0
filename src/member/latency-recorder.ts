import { row, rowFields, type BatchConsumer } from '../kafka/native/consumer.ts';
import { nowMs } from '../time/clock.ts';
import { latencyColumnOf, pointOf, type LatencyTimestamps } from '../protocol/cells/latency-timestamps.ts';
import type { MeasuredRecords } from '../protocol/member-task.ts';

/**
 * Records the timestamps of each record in a latency run. The client does not report when a record
 * arrived, but a batch call that returns nothing proves that no record was available. Each record's
 * arrival is therefore between the last such call and the return of the call that delivered it.
 */
export class LatencyRecorder {
  readonly #points: LatencyTimestamps;
  readonly #beginOffsets: readonly number[];
  readonly #consumer: BatchConsumer;
  readonly #taken: Int32Array;
  readonly #missing: Int32Array;
  readonly #applied: Int32Array;
  /** When the client last had no record, or fewer than requested. */
  #emptyMs = nowMs();
  #missingUs = 0;
  #takenUs = 0;

  constructor({ points, beginOffsets }: MeasuredRecords, consumer: BatchConsumer) {
    this.#points = points;
    this.#beginOffsets = beginOffsets;
    this.#consumer = consumer;
    this.#taken = latencyColumnOf(points, 'taken');
    this.#missing = latencyColumnOf(points, 'missing');
    this.#applied = latencyColumnOf(points, 'applied');
  }

  /**
   * Like the consumer's first poll, which checks without waiting: records that arrive during a wait
   * are taken immediately.
   */
  consumeBatch(timeoutMs: number, recordsMax: number): number {
    const calledAtMs = nowMs();
    const found = this.#consumer.consumeBatch(0, recordsMax);
    const count = found > 0 ? found : this.#consumer.consumeBatch(timeoutMs, recordsMax);
    const takenMs = nowMs();
    this.#takenUs = pointOf(this.#points, takenMs);
    this.#missingUs = found > 0 ? pointOf(this.#points, this.#emptyMs) : this.#takenUs;
    if (this.#isDrained(count, recordsMax)) this.#emptyMs = found > 0 ? calledAtMs : takenMs;
    return count;
  }

  /** Rows [start, end) of the current batch were taken for their partition. */
  taken(rows: Float64Array, start: number, end: number): void {
    for (let at = start * rowFields; at < end * rowFields; at += rowFields) {
      const record = this.#recordAt(rows[at + row.partition] ?? 0, rows[at + row.offset] ?? 0);
      if (record >= this.#points.records) continue;
      this.#taken[record] = this.#takenUs;
      this.#missing[record] = this.#missingUs;
    }
  }

  /** Records [firstOffset, nextOffset) of the partition are in its table. */
  applied(partition: number, firstOffset: number, nextOffset: number): void {
    const appliedUs = pointOf(this.#points, nowMs());
    const { partitions, records } = this.#points;
    const end = Math.min(records, this.#recordAt(partition, nextOffset));
    for (let record = this.#recordAt(partition, firstOffset); record < end; record += partitions) {
      this.#applied[record] = appliedUs;
    }
  }

  /** The record's index in the schedule. */
  #recordAt(partition: number, offset: number): number {
    return (offset - (this.#beginOffsets[partition] ?? 0)) * this.#points.partitions + partition;
  }

  /** A call that returns fewer records than it could has taken all that the client had. */
  #isDrained(count: number, recordsMax: number): boolean {
    if (count === 0) return true;
    const last = (count - 1) * rowFields;
    const { rows, values } = this.#consumer;
    const bytes = (rows[last + row.start] ?? 0) + Math.max(0, rows[last + row.length] ?? 0);
    return count < recordsMax && bytes < values.length / 2;
  }
}
