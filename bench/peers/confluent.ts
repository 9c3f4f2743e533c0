import { clientVersions } from '../../src/kafka/native/client-versions.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import { nodePeer } from './node-program.ts';
import type { Peer, PeerLane } from './peer.ts';

const batchRecords = 2_000;
/**
 * consume(n) blocks a thread of libuv's pool. With the default of four threads, five members starve
 * each other.
 */
const poolThreads = 16;

export interface ConfluentOptions {
  readonly lane: PeerLane;
  readonly members: number;
  readonly thread: keyof typeof threads;
}

const threads = {
  /** How the released client can be used. */
  main: { title: () => 'main thread', program: 'confluent-main.js' },
  /** Requires the patched build. */
  worker: { title: (members: number) => (members === 1 ? 'a worker' : 'workers'), program: 'confluent-workers.js' },
} as const;

/**
 * The Confluent client's own consume(n, callback). All rows use the patched build, because its code
 * for this call is that of the release: the patch only adds to the client, and moves its callbacks
 * to the loop of the thread that it runs in.
 */
export function confluent(name: string, { lane, members, thread }: ConfluentOptions): Peer {
  const { title, program } = threads[thread];
  return nodePeer({
    name,
    title: `Confluent client ${clientVersions().client} consume(n)${lane === 'count' ? ' + Map' : ''}, ${title(members)}`,
    lane,
    members,
    settings: { ...librdkafkaSettings(members), 'consume.records': batchRecords },
    program,
    poolThreads,
  });
}
