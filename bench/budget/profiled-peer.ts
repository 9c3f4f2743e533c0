import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { programArguments, type NodePeerOptions } from '../peers/node-program.ts';
import type { Peer } from '../peers/peer.ts';
import { programPeer, readResultFile } from '../peers/program-peer.ts';
import { parsePerfSample, type PerfSample } from './budget-rows.ts';

const execute = promisify(execFile);

export interface ProfiledPeer {
  readonly peer: Peer;
  /** Samples of each run so far, of all its threads, its start included. */
  readonly runs: readonly (readonly PerfSample[])[];
}

/**
 * The program under `perf record`, which samples processor time. Its figures of CPU and memory are
 * those of perf and mean nothing.
 * @param hz - samples of a second of processor time
 */
export function profiledPeer(options: NodePeerOptions, hz: number): ProfiledPeer {
  const runs: PerfSample[][] = [];
  const peer = programPeer({
    ...options,
    prepare: async () =>
      execute('perf', ['--version']).then(
        () => undefined,
        () => "there is no 'perf' on this machine (Debian: apt install linux-perf)",
      ),
    command: (task, files) => [
      'perf',
      ...['record', '--event', 'cpu-clock', '--freq', String(hz), '--output', files.state, '--'],
      // V8 writes a log beside the names of functions that perf reads.
      ...[process.execPath, '--perf-basic-prof', `--logfile=${files.log}.v8`],
      ...programArguments(options, task, files),
    ],
    readResult: async (files) => {
      const { stdout } = await execute('perf', ['script', '--input', files.state, '--fields', 'comm,pid,ip,sym,dso'], {
        maxBuffer: 2 ** 30,
      });
      const parsed = stdout
        .split('\n')
        .map(parsePerfSample)
        .filter((sample) => sample !== undefined);
      for (const pid of new Set(parsed.map((sample) => sample.pid))) await rm(`/tmp/perf-${pid}.map`, { force: true });
      runs.push(parsed);
      return readResultFile(files);
    },
  });
  return { peer, runs };
}
