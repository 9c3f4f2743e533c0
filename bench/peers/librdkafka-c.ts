import { dirname, join } from 'node:path';
import { clientVersions } from '../../src/kafka/native/client-versions.ts';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';
import { compileC } from './compile-c.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import type { Peer } from './peer.ts';
import { programPeer } from './program-peer.ts';

/** The addon for this Node, and librdkafka beside it: lib/binding/ABI in the client's package. */
const library = dirname(nativeClientFile());
const headers = join(library, '..', '..', '..', 'deps', 'librdkafka', 'src');
const flags = ['-isystem', headers, '-L', library, '-l:librdkafka.so.1'];

/**
 * librdkafka without any client around it: c/drain.c, with the same library as the patched client.
 */
export function librdkafkaC(): Peer {
  const settings = librdkafkaSettings(1);
  let program = '';
  return programPeer({
    name: 'librdkafka-c',
    title: `librdkafka ${clientVersions().librdkafka} in C, batch call`,
    lane: 'drain',
    members: 1,
    settings,
    prepare: async (signal) => {
      program = await compileC('drain', { signal, depends: [join(headers, 'rdkafka.h')], flags });
      return undefined;
    },
    command: ({ connection, topic, runId }, files) => [
      '/usr/bin/env',
      `LD_LIBRARY_PATH=${library}`,
      program,
      topic.topic,
      topic.endOffsets.join(','),
      files.result,
      ...Object.entries({
        ...settings,
        'bootstrap.servers': connection.bootstrapServers,
        'group.id': runId,
        'client.id': runId,
      }).map(([name, value]) => `${name}=${value}`),
    ],
  });
}
