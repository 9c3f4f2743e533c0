import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nodePeer } from './node-program.ts';
import type { Peer, PeerLane } from './peer.ts';

const { version } = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('kafkajs/package.json'), 'utf8'),
) as { readonly version: string };

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
  const title = `kafkajs ${version} eachBatch${lane === 'count' ? ' + Map' : ''}`;
  return nodePeer({ name, title, lane, members: 1, settings, program: 'kafkajs.js' });
}
