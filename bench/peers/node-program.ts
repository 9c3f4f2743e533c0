import { join } from 'node:path';
import type { PeerTask, Peer } from './peer.ts';
import { programPeer, type ProgramPeerOptions, type RunFiles } from './program-peer.ts';

export interface NodePeerOptions extends Pick<
  ProgramPeerOptions,
  'name' | 'title' | 'lane' | 'members' | 'settings' | 'cleanUp'
> {
  /** A file in programs/. */
  readonly program: string;
  /** Number of threads in libuv's pool, for clients that block them. */
  readonly poolThreads?: number;
}

/** A row that is a program in programs/, run by the same Node as this one. */
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

/** The program's file and its task; see programs/program.js. */
export function programArguments(
  { program, lane, members, settings }: NodePeerOptions,
  { connection, topic, runId }: PeerTask,
  files: RunFiles,
): string[] {
  const task = {
    bootstrapServers: connection.bootstrapServers,
    topic: topic.topic,
    workload: topic.workload,
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
