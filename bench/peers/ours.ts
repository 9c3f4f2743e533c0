import { durableDefaults, groupDefaults } from '../../src/config/group.ts';
import { producerProperties } from '../../src/config/producer-properties.ts';
import { dropRunTopics } from './drop-run-topics.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import { nodePeer, type NodePeerOptions } from './node-program.ts';
import type { Peer } from './peer.ts';
import { producingPeer } from './producing-peer.ts';

/** The product's command `produce` with its defaults: one thread fills a topic. */
export function oursProducing(): Peer {
  return producingPeer(
    nodePeer({
      name: 'ours-produce',
      title: 'ours, producing',
      lane: 'produce',
      members: 1,
      settings: producerProperties({ compression: 'none', keyed: false }),
      program: 'ours-produce.js',
    }),
  );
}

/** The product's consumer in worker threads, without its counting. */
export function drainingProgram(name: string, members: number): NodePeerOptions {
  return {
    name,
    title: 'ours, draining',
    lane: 'drain',
    members,
    settings: librdkafkaSettings(members),
    program: 'ours-drain.js',
  };
}

/** The product with its defaults. */
export function countingProgram(name: string, members: number): NodePeerOptions {
  return {
    name,
    title: 'ours, exact counting',
    lane: 'count',
    members,
    settings: groupDefaults,
    program: 'ours-count.js',
  };
}

/** The product with durable counts: it ends with its last transaction, and the changelog is what is verified. */
export function oursDurable(name: string, members: number): Peer {
  const { transactionTimeoutMs, standby } = durableDefaults;
  return nodePeer({
    name,
    title: 'ours, exact counting, durable',
    lane: 'count',
    members,
    settings: { ...groupDefaults, transactionTimeoutMs, standby },
    program: 'ours-durable.js',
    cleanUp: dropRunTopics,
  });
}
