import { durableDefaults, groupDefaults } from '../../src/config/group.ts';
import { dropRunTopics } from './drop-run-topics.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import { nodePeer, type NodePeerOptions } from './node-program.ts';
import type { Peer } from './peer.ts';

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
