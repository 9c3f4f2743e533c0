import type { BatchSums } from '../../src/count/batch-sums.ts';
import { overtakingDisorder } from './memory-order.ts';
import type { Product } from './product.ts';
import type { MemberWork } from './sim-member.ts';
import { TopicPartition } from './topic.ts';
import { World } from './world.ts';

/** The second batch changes the slots that the first one has filled. */
const values = ['to be or not', 'not to be'];
const turn: MemberWork = { type: 'turn', batches: 1, recordsMax: 1, redelivered: 0 };
const assigned: MemberWork = {
  type: 'rebalance',
  event: { type: 'assign', partitions: [0], lost: false },
  late: false,
};

/**
 * A reader and the writer of a batch are each stopped at every access, with plain stores that
 * overtake atomic ones wherever arm64 lets them. The reader then ends before the writer continues.
 * @returns how many were run
 * @throws Violation unless the reader sees whole batches only
 */
export function* readWhileWriting(product: Product, sums: BatchSums): Generator<number> {
  let runs = 0;
  for (let read = 0, readerEnded = false; !readerEnded; read += 1) {
    for (let written = 1, writerEnded = false; !writerEnded; written += 1) {
      [readerEnded, writerEnded] = once(product, sums, read, written);
      runs += 1;
    }
    yield runs;
  }
}

/** @returns whether the reader and the writer were at their ends before they were stopped */
function once(product: Product, sums: BatchSums, read: number, written: number): [boolean, boolean] {
  const records = values.map((value, offset) => ({ offset, value: Buffer.from(value) }));
  const topic = [new TopicPartition(0, records)];
  const disorder = overtakingDisorder;
  const world = new World({ product, sums, topic, protocol: 'EAGER', slotsLog2: 3, disorder });
  const writer = world.start();
  world.step(writer, assigned, Infinity);
  world.step(writer, turn, Infinity);
  const reading = { partition: 0, kind: 'snapshot' } as const;
  const readerEnded = world.reader.step(reading, read);
  const writerEnded = world.step(writer, turn, written);
  if (!readerEnded) world.reader.step(reading, Infinity);
  return [readerEnded, writerEnded];
}
