import { ClusterError } from '../../src/errors.ts';
import { confluent } from './confluent.ts';
import { kafkajs } from './kafkajs.ts';
import { librdkafkaC } from './librdkafka-c.ts';
import { nodePeer } from './node-program.ts';
import { countingProgram, drainingProgram, oursDurable, oursProducing } from './ours.ts';
import type { Peer } from './peer.ts';
import { perfTest } from './perf-test.ts';
import { platformatic } from './platformatic.ts';
import { producerPerfTest } from './producer-perf-test.ts';
import { rawFetch } from './raw-fetch.ts';
import { streams } from './streams.ts';

const ourMembers = [1, 2, 4, 5] as const;

/** Every row, in the order of the table. */
export function allPeers(): Peer[] {
  return [
    producerPerfTest(),
    oursProducing(),
    rawFetch(),
    perfTest(),
    librdkafkaC(),
    kafkajs('kafkajs-drain', 'drain'),
    platformatic(),
    confluent('confluent-drain', { lane: 'drain', members: 1, thread: 'main' }),
    confluent('confluent-drain-5', { lane: 'drain', members: 5, thread: 'worker' }),
    ...ourMembers.map((members) => nodePeer(drainingProgram(`ours-drain-${members}`, members))),
    streams('streams-exactly-once', 'exactly_once_v2'),
    streams('streams-at-least-once', 'at_least_once'),
    kafkajs('kafkajs-count', 'count'),
    confluent('confluent-count', { lane: 'count', members: 1, thread: 'main' }),
    confluent('confluent-count-1', { lane: 'count', members: 1, thread: 'worker' }),
    confluent('confluent-count-5', { lane: 'count', members: 5, thread: 'worker' }),
    ...ourMembers.map((members) => nodePeer(countingProgram(`ours-count-${members}`, members))),
    ...ourMembers.map((members) => oursDurable(`ours-durable-${members}`, members)),
  ];
}

/**
 * @param names - names of rows; a name that ends with `*` is a prefix. Undefined selects all rows
 * @throws ClusterError usage when no row has a name
 */
export function choosePeers(peers: readonly Peer[], names: readonly string[] | undefined): Peer[] {
  if (names === undefined) return [...peers];
  const chosen = new Set<Peer>();
  for (const name of names) {
    const matches = peers.filter((peer) =>
      name.endsWith('*') ? peer.name.startsWith(name.slice(0, -1)) : peer.name === name,
    );
    if (matches.length === 0) {
      throw new ClusterError('usage', `--rows: unknown row '${name}'`, {
        hint: `pass some of ${peers.map((peer) => peer.name).join(', ')}`,
      });
    }
    for (const peer of matches) chosen.add(peer);
  }
  return peers.filter((peer) => chosen.has(peer));
}
