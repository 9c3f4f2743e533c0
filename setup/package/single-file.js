import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { installPackages } from '../apt.js';
import { findProgram, runCommand } from '../command.js';
import { packagesFolder, workFolder } from './output-files.js';
import { stageLicenses } from './components.js';
import { jarComponents, singleFileSbom } from './sbom.js';
import { fileTimeSeconds, stageProgram } from './stage.js';
import { step } from './step.js';

/** Debian's packages, and the program that proves that each is installed. */
const tools = {
  zstd: 'zstd',
  binutils: 'strip',
  gcc: 'gcc',
  python3: 'python3',
  'python3-pip': 'pip3',
  unzip: 'unzip',
  git: 'git',
};
const launcherSource = join(import.meta.dirname, 'launcher');
/** The launcher accepts windows of this size, in powers of two. */
const windowLog = 27;
const trailerBytes = 128;

/** The file's name in packages/. */
const name = `consumer-cluster-linux-${process.arch}`;

/** @param {{ level: number }} options - compression level of zstd */
export async function makeSingleFile({ level }) {
  const missing = Object.keys(tools).filter((name) => findProgram(tools[name]) === undefined);
  if (missing.length > 0) await step(`installing ${missing.join(', ')}`, () => installPackages(missing));
  mkdirSync(workFolder, { recursive: true });
  const [stage, archive] = [join(workFolder, 'stage'), join(workFolder, 'archive.tar.zst')];
  const libraries = await stageProgram(stage);
  const jars = await step("list of Kafka's jars", jarComponents);
  const others = await step('licenses', () => stageLicenses(stage, { jars, libraries }));
  const sbom = await singleFileSbom({ jars, others });
  writeFileSync(join(packagesFolder, `${name}.cdx.json`), sbom);
  const command = [join(stage, 'dist', 'cli.js'), 'licenses'];
  writeFileSync(join(packagesFolder, `${name}.licenses.txt`), await runCommand(join(stage, 'bin', 'node'), command));
  // What the command has compiled is valid for this folder only.
  rmSync(join(stage, '.cache', 'compiled'), { recursive: true, force: true });
  const unpacked = await step(`archive, level ${level}`, () => compress(stage, archive, level));
  const file = join(packagesFolder, name);
  await step('launcher', () => compileLauncher(file));
  await appendArchive(file, archive, unpacked);
  for (const path of [archive, stage]) rmSync(path, { recursive: true });
  process.stderr.write(`package: ${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB\n`);
}

/** @returns {Promise<number>} the size of the files that it contains */
async function compress(folder, archive, level) {
  const tar = `${archive}.tar`;
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${fileTimeSeconds}`];
  const flags = ['--format=ustar', '--mode=u+rwX,go=rX', ...same, '--hard-dereference', '--dereference'];
  await runCommand('tar', ['--create', '--file', tar, ...flags, '-C', folder, ...readdirSync(folder).sort()]);
  const { size } = statSync(tar);
  await runCommand('zstd', [
    '--quiet',
    '--force',
    `-${level}`,
    `--long=${windowLog}`,
    '-T0',
    '--rm',
    tar,
    '-o',
    archive,
  ]);
  return size;
}

async function compileLauncher(target) {
  const sources = readdirSync(launcherSource).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu17', '-O2', '-Wall', '-Wextra', '-Werror', '-static', '-s'];
  const files = sources.sort().map((name) => join(launcherSource, name));
  await runCommand('gcc', [...flags, '-o', target, ...files, '-lzstd']);
}

/** The launcher finds the archive by a line at the end of the file, which has a fixed length. */
async function appendArchive(file, archive, unpacked) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), async (chunks) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
  await pipeline(createReadStream(archive), createWriteStream(file, { flags: 'a' }));
  const line = `consumer-cluster archive ${statSync(archive).size} ${unpacked} ${hash.digest('hex').slice(0, 32)}`;
  appendFileSync(file, `${line.padEnd(trailerBytes - 1)}\n`);
  chmodSync(file, 0o755);
}
