// Makes the files that users download, in packages/: `npm run package`. It runs after the set-up.
//   --level N   compression level of the single file, 1 to 19 (default 19, which takes minutes)
//   --only npm  makes only the npm packages
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../command.js';
import { endWithSignals } from '../ending.js';
import { acquireLock } from '../lock.js';
import { pinnedNodeFolder } from '../node-versions.js';
import { root } from '../project.js';
import { makeNpmPackages } from './npm-packages.js';
import { packagesFolder, writeChecksums } from './output-files.js';
import { makeSingleFile } from './single-file.js';

const waitMsMax = 1_800_000;

async function main() {
  const { values } = parseArgs({ options: { level: { type: 'string', default: '19' }, only: { type: 'string' } } });
  await continueOnPinnedNode();
  const release = await acquireLock({
    waitMsMax,
    onWait: () => process.stderr.write('package: waiting for another setup process in this folder\n'),
  });
  try {
    rmSync(packagesFolder, { recursive: true, force: true });
    mkdirSync(packagesFolder);
    await makeNpmPackages();
    if (values.only !== 'npm') await makeSingleFile({ level: Number(values.level) });
    writeChecksums();
  } finally {
    release();
  }
}

/**
 * The single file contains this Node, and the client that the set-up has built for it, so they must
 * be the pinned one's, from the package that links to no library of this system.
 */
async function continueOnPinnedNode() {
  const pinned = join(pinnedNodeFolder, 'bin', 'node');
  if (!existsSync(pinned)) await runCommand(process.execPath, [join(root, 'setup', 'fetch-node.js')]);
  if (realpathSync(process.execPath) === realpathSync(pinned)) return;
  const again = [join(root, 'setup', 'main.js'), '--then', import.meta.filename, ...process.argv.slice(2)];
  process.execve(pinned, [pinned, ...again], process.env);
}

endWithSignals();
main().catch((error) => {
  process.stderr.write(`\nerror: ${error.message}\n`);
  if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = 1;
});
