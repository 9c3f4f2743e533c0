import { join } from 'node:path';
import type { PeerTask, Peer } from './peer.ts';
import { programPeer, type RunFiles } from './program-peer.ts';

export interface NodePeerOptions extends Pick<Peer, 'name' | 'title' | 'lane' | 'members' | 'settings'> {
  /** A file of programs/. */
  readonly program: string;
  /** Threads of libuv's pool, where the client blocks them. */
  readonly poolThreads?: number;
}

/** A row that is a program of programs/, in a Node like ours. */
export function nodePeer(options: NodePeerOptions): Peer {
  const { poolThreads } = options;
  const pool = poolThreads === undefined ? {} : { UV_THREADPOOL_SIZE: poolThreads };
  const environment = Object.entries(pool).map(([name, value]) => `${name}=${value}`);
  return programPeer({
    ...options,
    settings: { ...options.settings, ...pool },
    command: (task, files) => [
      '/usr/bin/env',
      ...environment,
      process.execPath,
      ...programArguments(options, task, files),
    ],
  });
}

/** The program's file and its task, see programs/program.js. */
export function programArguments(
  { program, lane, members, settings }: NodePeerOptions,
  { connection, topic, runId }: PeerTask,
  files: RunFiles,
): string[] {
  const task = {
    bootstrapServers: connection.bootstrapServers,
    topic: topic.topic,
    groupId: runId,
    endOffsets: topic.endOffsets,
    members,
    lane,
    settings,
    resultFile: files.result,
    countsFile: files.counts,
  };
  return [join(import.meta.dirname, 'programs', program), JSON.stringify(task)];
}
