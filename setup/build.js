import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runCommand } from './command.js';

const root = join(import.meta.dirname, '..');
const [source, target] = [join(root, 'src'), join(root, 'dist')];
const stampFile = join(target, '.source-hash');
/** The build creates these files, so they are not among its sources. */
const generated = join(source, 'count', 'generated');
const assemblySource = join(source, 'count', 'assembly');
const assemblyStampFile = join(generated, '.source-hash');
const assemblyConfig = ['package-lock.json', 'setup/assembly.js'];
const config = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'setup/assembly.js'];

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Hashes contents: a checkout changes times without changing contents, and an editor may change a
 * file twice within one tick of the clock.
 */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

const inRoot = (names) => names.map((name) => join(root, name)).filter((file) => existsSync(file));

function sourceHash() {
  const sources = filesBelow(source, '.ts').filter((file) => !file.startsWith(generated));
  return hashOf([...inRoot(config), ...sources]);
}

function assemblyHash() {
  return hashOf([...inRoot(assemblyConfig), ...filesBelow(assemblySource, '.ts')]);
}

function hasStamp(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

function built() {
  // Tests import generated files from `src`, not from `dist`.
  return hasStamp(stampFile, sourceHash()) && hasStamp(assemblyStampFile, assemblyHash());
}

/**
 * The compiler of WebAssembly takes longer than all other steps of a small build, and its sources
 * rarely change.
 */
async function buildAssembly() {
  const hash = assemblyHash();
  if (hasStamp(assemblyStampFile, hash)) return;
  rmSync(assemblyStampFile, { force: true });
  await runCommand(process.execPath, [join(import.meta.dirname, 'assembly.js')], { cwd: root });
  writeFileSync(assemblyStampFile, hash);
}

async function build() {
  // Calculated first: a file that is edited while the compiler runs is compiled by the next build.
  const hash = sourceHash();
  rmSync(stampFile, { force: true });
  await buildAssembly();
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  await runCommand(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  for (const file of [...filesBelow(target, '.js'), ...filesBelow(target, '.d.ts')]) {
    const origin = join(source, relative(target, file).replace(/\.js$|\.d\.ts$/, '.ts'));
    if (!existsSync(origin)) rmSync(file);
  }
  writeFileSync(stampFile, hash);
}

export const steps = [{ name: 'program built', done: built, run: build, hint: 'npm run build' }];
