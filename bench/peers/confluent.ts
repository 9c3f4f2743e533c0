import { clientVersions } from '../../src/kafka/native/client-versions.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import { nodePeer } from './node-program.ts';
import type { Peer, PeerLane } from './peer.ts';

const batchRecords = 2_000;
/** consume(n) blocks a thread of libuv's pool: with the four that it has by default, five members starve each other. */
const poolThreads = 16;

export interface ConfluentOptions {
  readonly lane: PeerLane;
  readonly members: number;
  /** `main` is how the client can be used as released; in a worker it takes our build. */
  readonly thread: 'main' | 'worker';
}

/**
 * The Confluent client's own consume(n, callback). It is our build in all rows, since its code for this call is as released:
 * the patch adds to the client, and moves its callbacks to the loop of the thread that it runs in.
 */
export function confluent(name: string, { lane, members, thread }: ConfluentOptions): Peer {
  const where = thread === 'main' ? 'main thread' : members === 1 ? 'a worker' : 'workers';
  return nodePeer({
    name,
    title: `Confluent client ${clientVersions().client} consume(n)${lane === 'count' ? ' + Map' : ''}, ${where}`,
    lane,
    members,
    settings: { ...librdkafkaSettings(members), 'consume.records': batchRecords },
    program: thread === 'main' ? 'confluent-main.js' : 'confluent-workers.js',
    poolThreads,
  });
}
