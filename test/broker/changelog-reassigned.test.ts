import { randomUUID } from 'node:crypto';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { ChangelogReader, keyedRow, keyedRowFields } from '../../src/kafka/native/changelog-reader.ts';
import { partitionEnd } from '../../src/kafka/native/consumer.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { fillTopic } from '../kafka/native/test-group.ts';
import { sharedBrokers } from '../support/brokers.ts';

const topic = `reassigned-${randomUUID()}`;
const partitions = [0, 1, 2, 3];
const records = 3_000;
const seed = Number(process.env['REASSIGN_SEED'] ?? Date.now() % 1_000_000);
let connection: Connection;

beforeAll(async () => {
  connection = await sharedBrokers();
  await createTopic({ connection, topic, partitions: 4, replicationFactor: 1, timeoutMs: 20_000 });
  const values = Array.from({ length: records }, (_, index) => Buffer.from(`value ${index}`));
  await fillTopic(
    connection,
    topic,
    partitions.map(() => values),
  );
});

/** What was read, against the rule that each partition delivers each offset once, then its end. */
class Reading {
  readonly nextOffsets = partitions.map(() => 0);
  readonly violations: string[] = [];
  readonly ended = new Set<number>();
  readonly #reader: ChangelogReader;
  #assigned: readonly number[] = [];

  constructor(reader: ChangelogReader) {
    this.#reader = reader;
  }

  assign(chosen: readonly number[]): void {
    this.#assigned = chosen;
    this.#reader.assign(chosen.map((partition) => ({ partition, offset: this.nextOffsets[partition] ?? 0 })));
  }

  read(timeoutMs: number, recordsMax: number): void {
    const count = this.#reader.read(timeoutMs, recordsMax);
    for (let index = 0; index < count; index += 1) {
      const field = (name: keyof typeof keyedRow): number =>
        this.#reader.rows[index * keyedRowFields + keyedRow[name]] ?? -1;
      this.#take(field('partition'), field('offset'), field('valueLength') === partitionEnd);
    }
  }

  #take(partition: number, offset: number, isEnd: boolean): void {
    const expected = this.nextOffsets[partition] ?? 0;
    if (!this.#assigned.includes(partition)) this.violations.push(`row of partition ${partition}, not assigned`);
    if (offset !== expected) this.violations.push(`partition ${partition}: offset ${offset}, ${expected} expected`);
    if (!isEnd) this.nextOffsets[partition] = offset + 1;
    else if (offset === records) this.ended.add(partition);
    else this.violations.push(`partition ${partition} ended at ${offset}`);
  }
}

test('delivers each record once while its partitions are assigned again and again', () => {
  console.log(`REASSIGN_SEED=${seed}`);
  const random = seededRandom(seed);
  for (let round = 0; round < 8; round += 1) {
    const reader = new ChangelogReader({
      ...{ connection, topic, clientId: 'reassigned', groupId: `reassigned-${randomUUID()}` },
      onError: (error) => {
        throw error;
      },
    });
    onTestFinished(() => {
      reader.destroy();
    });
    const reading = new Reading(reader);
    reading.assign([0]);
    reading.assign([]);
    for (let turn = 0; turn < 40; turn += 1) {
      // Several within a turn: the client has not stopped what it read before.
      for (let times = random() * 3; times > 0; times -= 1) reading.assign(partitions.filter(() => random() < 0.6));
      reading.read(Math.floor(random() * 20), 1 + Math.floor(random() * 500));
    }
    reading.assign(partitions);
    reading.ended.clear();
    for (let turn = 0; turn < 1_000 && reading.ended.size < partitions.length; turn += 1) reading.read(20, 500);
    expect(reading.violations).toEqual([]);
    expect(reading.nextOffsets).toEqual(partitions.map(() => records));
  }
});
