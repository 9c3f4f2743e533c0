import { packageVersion } from './package-version.ts';
import { nodePeer } from './node-program.ts';
import type { Peer, PeerLane } from './peer.ts';

const settings = {
  minBytes: 1,
  maxBytes: 10 * 2 ** 20,
  maxBytesPerPartition: 2 ** 20,
  maxWaitTimeInMs: 100,
  partitionsConsumedConcurrently: 4,
  autoCommitInterval: 1_000,
} as const;

/** kafkajs's fastest interface, eachBatch. */
export function kafkajs(name: string, lane: PeerLane): Peer {
  const title = `kafkajs ${packageVersion('kafkajs')} eachBatch${lane === 'count' ? ' + Map' : ''}`;
  return nodePeer({ name, title, lane, members: 1, settings, program: 'kafkajs.js' });
}
