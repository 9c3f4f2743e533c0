import { dirname, join } from 'node:path';
import { clientVersions } from '../../src/kafka/native/client-versions.ts';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';
import { cachedFolder, runTool } from './cache-folder.ts';
import { librdkafkaSettings } from './librdkafka-settings.ts';
import type { Peer } from './peer.ts';
import { programPeer } from './program-peer.ts';

const source = join(import.meta.dirname, 'c', 'drain.c');
/** The addon for this Node, and librdkafka beside it: lib/binding/ABI in the client's package. */
const library = dirname(nativeClientFile());
const headers = join(library, '..', '..', '..', 'deps', 'librdkafka', 'src');

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
      program = await compile(signal);
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

async function compile(signal: AbortSignal): Promise<string> {
  const folder = await cachedFolder('c', [source, join(headers, 'rdkafka.h')], async (target) => {
    const files = ['-o', join(target, 'drain'), source];
    await runTool('cc', ['-O2', '-isystem', headers, ...files, '-L', library, '-l:librdkafka.so.1'], { signal });
  });
  return join(folder, 'drain');
}
