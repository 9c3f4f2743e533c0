// Fetches the Node that .nvmrc names into .cache with npm, which verifies it. setup/run calls this
// file when the Node in PATH is not supported, so the file and its imports run on old versions,
// too.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endWithSignals } from './ending.js';
import { runCommand } from './command.js';
import { acquireLock } from './lock.js';
import { pinnedNode, pinnedNodeFolder, supportedRange } from './node-versions.js';
import { downloadPackage } from './npm.js';
import { cacheFolder } from './project.js';

const waitMsMax = 1_800_000;
const name = `node-linux-${process.arch}`;

async function fetchNode() {
  mkdirSync(cacheFolder, { recursive: true });
  const onWait = () => process.stderr.write('setup: waiting for another setup process in this folder\n');
  const release = await acquireLock({ waitMsMax, onWait });
  try {
    if (existsSync(pinnedNodeFolder)) return;
    process.stderr.write(
      `setup: Node ${process.versions.node} is not supported (${supportedRange}); fetching Node ${pinnedNode} for this project …`,
    );
    const sinceMs = Date.now();
    const part = join(cacheFolder, 'node.part');
    const unpacked = await downloadPackage(`${name}@${pinnedNode}`, part);
    const version = (await runCommand(join(unpacked, 'bin', 'node'), ['--version'])).trim();
    if (version !== `v${pinnedNode}`) throw new Error(`${name} contains Node ${version}`);
    for (const entry of readdirSync(cacheFolder)) {
      if (entry.startsWith('node-') && entry !== 'node-gyp') {
        rmSync(join(cacheFolder, entry), { recursive: true, force: true });
      }
    }
    renameSync(unpacked, pinnedNodeFolder);
    rmSync(part, { recursive: true, force: true });
    process.stderr.write(` ${((Date.now() - sinceMs) / 1_000).toFixed(1)} s\n`);
  } finally {
    release();
  }
}

endWithSignals();
fetchNode().catch((error) => {
  process.stderr.write(`\nerror: ${error.message}\n`);
  process.stderr.write(`hint: install Node ${parseInt(pinnedNode, 10)}, or check that npm can reach its registry\n`);
  process.exitCode = 1;
});
