import { compileC } from './compile-c.ts';
import type { Peer } from './peer.ts';
import { programPeer } from './program-peer.ts';

/**
 * The limit of this machine: a C program that fetches record batches, walks their headers and
 * discards the records (c/raw-fetch.c). It serves brokers without encryption or sign-in.
 */
export function rawFetch(): Peer {
  let program = '';
  return programPeer({
    name: 'raw-fetch',
    title: 'the limit: fetch requests in C, records not read',
    lane: 'drain',
    members: 1,
    settings: { 'partition.max.bytes': 4 * 2 ** 20, 'response.max.bytes': 64 * 2 ** 20, 'threads.per.broker': 1 },
    // It reports the bytes of record batches, because it does not read the records' values.
    bytesTolerance: Infinity,
    prepare: async (signal) => {
      program = await compileC('raw-fetch', { signal, flags: ['-pthread'] });
      return undefined;
    },
    command: ({ connection, topic }, files) => [
      program,
      topic.topic,
      topic.endOffsets.join(','),
      files.result,
      connection.bootstrapServers.split(',')[0] ?? '',
    ],
  });
}
