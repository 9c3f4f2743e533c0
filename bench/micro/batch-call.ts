/**
 * Compares the client's batch call with its consume(n): `npm run bench -- batch-call`. Both read
 * records that their client has fetched before the clock starts, so the result is the cost of the
 * call and of the objects that it creates per record. Mock cluster, one thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import confluent from '@confluentinc/kafka-javascript';
import { Bench } from 'tinybench';
import { BatchConsumer } from '../../src/kafka/native/consumer.ts';
import { startMockCluster } from '../../src/kafka/native/mock-cluster.ts';
import { fillTopic } from '../../test/kafka/native/test-group.ts';

const partitions = 4;
const recordsAPartition = 50_000;
const records = partitions * recordsAPartition;
/** All records fit into the client's queue, and arrive well within this time. */
const fetchedMs = 1_000;
const batchRecords = 4_096;
const properties = {
  'auto.offset.reset': 'earliest',
  'enable.auto.commit': false,
  'queued.min.messages': 1_000_000,
  'fetch.queue.backoff.ms': 1,
} as const;

const cluster = await startMockCluster(1);
const connection = { bootstrapServers: cluster.bootstrapServers, source: 'mock', properties: {} } as const;
const topic = 'records';
cluster.createTopic(topic, partitions);
const value = Buffer.from('a line of sixty-six bytes, as the lines of the book are, on average');
await fillTopic(
  connection,
  topic,
  Array.from({ length: partitions }, () => Array<Uint8Array>(recordsAPartition).fill(value)),
);
const fromTheBeginning = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }));

const ours = new BatchConsumer({
  connection,
  groupId: 'batch-call',
  clientId: 'batch-call',
  topic,
  properties,
  onRebalance: () => undefined,
  onError: (error) => {
    throw error;
  },
});
ours.connect();

/** The client's types lack one of its methods. */
interface Consumer extends confluent.KafkaConsumer {
  setDefaultIsTimeoutOnlyForFirstMessage(only: boolean): void;
}

const theirs = new confluent.KafkaConsumer(
  { ...properties, 'bootstrap.servers': cluster.bootstrapServers, 'group.id': 'consume-n' },
  {},
) as Consumer;
theirs.setDefaultConsumeTimeout(100);
theirs.setDefaultIsTimeoutOnlyForFirstMessage(true);
await promisify(theirs.connect.bind(theirs))({});
const consume = promisify(theirs.consume.bind(theirs)) as (count: number) => Promise<readonly { value: Buffer }[]>;

const bench = new Bench({ time: 0, iterations: 12, warmup: false });
// tinybench calls a function once before the hooks, to find out whether it returns a promise.
// Without records that call would never return.
ours.assign(fromTheBeginning);
bench.add(
  'batch call: one buffer, a row of numbers a record',
  () => {
    for (let read = 0; read < records;) read += ours.consumeBatch(100, batchRecords);
  },
  {
    beforeEach: async () => {
      ours.assign(fromTheBeginning);
      await sleep(fetchedMs);
    },
  },
);
bench.add(
  'consume(n): an object and a Buffer a record',
  async () => {
    for (let read = 0; read < records;) read += (await consume(batchRecords)).length;
  },
  {
    beforeEach: async () => {
      theirs.assign(fromTheBeginning);
      await sleep(fetchedMs);
    },
  },
);
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) return { name, state: result.state };
    const medianNs = result.latency.p50 * 1e6;
    return {
      name,
      'ns a record': (medianNs / records).toFixed(0),
      'million records/s': ((records / medianNs) * 1e3).toFixed(2),
      'GB/s': ((records * value.length) / medianNs).toFixed(3),
      samples: result.latency.samplesCount,
    };
  }),
);
await promisify(theirs.disconnect.bind(theirs))();
await ours.close(5_000);
await cluster.close();
