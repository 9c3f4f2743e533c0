import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runCommand } from './command.js';

const root = join(import.meta.dirname, '..');
const [source, target] = [join(root, 'src'), join(root, 'dist')];
const stampFile = join(target, '.source-hash');
/** Made by the build, so no reason to build. */
const generated = join(source, 'count', 'generated');
const config = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'setup/assembly.js'].map((name) =>
  join(root, name),
);

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** By content: a checkout changes times without a change, and an editor may change a file within one tick. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const file of [...config, ...filesBelow(source, '.ts')]) {
    if (file.startsWith(generated)) continue;
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function built() {
  // Tests import what was generated from where it was generated.
  return existsSync(stampFile) && existsSync(generated) && readFileSync(stampFile, 'utf8') === sourceHash();
}

async function build() {
  // Taken before: what is edited while the compiler runs is compiled the next time.
  const hash = sourceHash();
  rmSync(stampFile, { force: true });
  await runCommand(process.execPath, [join(import.meta.dirname, 'assembly.js')], { cwd: root });
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  await runCommand(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  for (const file of filesBelow(target, '.js')) {
    const origin = join(source, relative(target, file).replace(/\.js$/, '.ts'));
    if (!existsSync(origin)) rmSync(file);
  }
  writeFileSync(stampFile, hash);
}

export const steps = [{ name: 'program built', done: built, run: build, hint: 'npm run build' }];
