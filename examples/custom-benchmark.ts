// A benchmark of your own: does compression of the topic slow two members down?
//   node examples/custom-benchmark.ts
import { bench, produce, startBrokers } from 'consumer-cluster-wordcount';

await using brokers = await startBrokers();
const rows = [];
for (const compression of ['none', 'lz4', 'zstd'] as const) {
  const topic = `books-${compression}`;
  await produce({ brokers, topic, compression, records: 200_000 });
  const { scaling, verdict } = await bench({
    ...{ brokers, topic, lanes: ['drain'], members: [2] },
    ...{ repetitions: 3, warmUps: 1 },
  });
  const [figures] = scaling;
  rows.push({
    compression,
    'records/s': Math.round(figures?.recordsPerSecond ?? 0),
    'every word right': verdict.verified,
  });
}
console.table(rows);
