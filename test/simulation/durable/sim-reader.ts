import type { FollowerOptions } from '../../../src/member/changelog-follower.ts';
import type { BatchSums } from '../../../src/count/batch-sums.ts';
import { keyedRow, keyedRowFields } from '../../../src/kafka/native/changelog-reader.ts';
import type { Position } from '../../../src/kafka/native/consumer.ts';
import { shuffled } from '../../../src/seeded-random.ts';
import type { CrashPoint, Surroundings } from './surroundings.ts';

/** Value length of a row that marks the end of its partition. */
const partitionEnd = -2;
const calmRows = 200;

/** The changelog as the follower reads it: committed records, up to the first open transaction. */
export class SimReader implements Pick<FollowerOptions['reader'], 'assign' | 'read'> {
  readonly #world: Surroundings;
  readonly #sums: BatchSums;
  readonly #point: CrashPoint;
  readonly #positions = new Map<number, number>();
  readonly #reportedEnds = new Map<number, number>();
  #count = 0;
  #start = 0;

  constructor(world: Surroundings, sums: BatchSums, point: CrashPoint) {
    this.#world = world;
    this.#sums = sums;
    this.#point = point;
    sums.reserve({ valuesBytes: 65_536, rowNumbers: 1_024 * keyedRowFields });
  }

  get rows(): Float64Array {
    return this.#sums.rows;
  }

  get values(): Uint8Array {
    return this.#sums.values;
  }

  assign(positions: readonly Position[]): void {
    this.#point('follow');
    this.#positions.clear();
    this.#reportedEnds.clear();
    for (const { partition, offset } of positions) this.#positions.set(partition, offset);
    this.#point('followed');
  }

  read(): number {
    this.#point('read');
    const { random, calm } = this.#world;
    this.#count = 0;
    this.#start = 0;
    for (const partition of shuffled([...this.#positions.keys()], random)) {
      this.#readFrom(partition, calm ? calmRows : Math.floor(random() * 16));
    }
    this.#point('have read');
    return this.#count;
  }

  #readFrom(partition: number, most: number): void {
    const { coordinator, readsUncommitted } = this.#world;
    const log = coordinator.logs[partition];
    if (log === undefined) return;
    const end = readsUncommitted ? log.highWatermark : log.lastStable;
    let position = this.#positions.get(partition) ?? 0;
    for (let rows = 0; rows < most && position < end; position += 1) {
      const entry = log.entries[position];
      if (entry?.record === undefined) continue;
      if (entry.transaction.outcome !== 'committed' && !readsUncommitted) continue;
      this.#add(partition, position, [entry.record.key, entry.record.value]);
      rows += 1;
    }
    this.#positions.set(partition, position);
    if (position < end || this.#reportedEnds.get(partition) === position) return;
    this.#reportedEnds.set(partition, position);
    this.#add(partition, position, undefined);
  }

  #add(partition: number, offset: number, record: readonly [key: Buffer, value: Buffer] | undefined): void {
    const at = this.#count * keyedRowFields;
    const [key, value] = record ?? [];
    this.rows[at + keyedRow.partition] = partition;
    this.rows[at + keyedRow.offset] = offset;
    this.rows[at + keyedRow.keyStart] = this.#start;
    this.rows[at + keyedRow.keyLength] = key?.length ?? -1;
    this.rows[at + keyedRow.valueStart] = this.#start + (key?.length ?? 0);
    this.rows[at + keyedRow.valueLength] = value?.length ?? partitionEnd;
    if (key !== undefined) this.values.set(key, this.#start);
    if (key !== undefined && value !== undefined) this.values.set(value, this.#start + key.length);
    this.#start += (key?.length ?? 0) + (value?.length ?? 0);
    this.#count += 1;
  }
}
