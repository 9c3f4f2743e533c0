import { basename } from 'node:path';
import { runCommand } from '../command.js';
import { librdkafkaFile } from './librdkafka.js';
import { glibcOldest } from './toolchain.js';

/** Parts of the C library, and the client's own library. */
const allowedLibraries = [/^lib(c|m|dl|pthread|rt)\.so\.\d$/, /^ld-linux-[\w-]+\.so\.\d$/];

/**
 * Symbols of Node that involve the C++ library. Node uses another one than the addon, whose objects
 * have another layout: a call would corrupt memory.
 */
const foreign = /\bstd::|BackingStore/;

/**
 * Checks that a library of the portable client needs nothing but the C library and Node, and exports
 * nothing that could meet another library's symbols.
 * @param {object} options
 * @param {string} options.file
 * @param {RegExp} options.exported - the only symbols that it may export
 * @param {string | undefined} options.node - a Node for the same processor that provides the others
 * @throws {Error} naming what it needs or exports
 */
export async function checkLibrary({ file, exported, node }) {
  const needed = await symbols(file, '--undefined-only');
  const problems = [
    ...(await librariesOf(file))
      .filter((library) => library !== librdkafkaFile && !allowedLibraries.some((allowed) => allowed.test(library)))
      .map((library) => `needs ${library}`),
    ...(await symbols(file, '--defined-only')).filter((name) => !exported.test(name)).map((name) => `exports ${name}`),
    ...needed.filter((name) => name.includes('@') && !isInOldestGlibc(name)).map((name) => `needs ${name}`),
    ...(await symbols(file, '--undefined-only', '--demangle'))
      .filter((name) => foreign.test(name))
      .map((name) => `shares objects with Node: ${name}`),
    ...(node === undefined ? [] : await missingIn(node, needed)),
  ];
  if (problems.length > 0) throw new Error(`${basename(file)} is not portable:\n  ${problems.join('\n  ')}`);
}

async function librariesOf(file) {
  const dynamic = await runCommand('readelf', ['--dynamic', '--wide', file]);
  return [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, library]) => library);
}

/** Symbols with a version are the C library's; Node's and librdkafka's have none. */
async function missingIn(node, needed) {
  const provided = new Set((await symbols(node, '--defined-only')).map((name) => name.split('@')[0]));
  return needed
    .filter((name) => !name.includes('@') && !/^rd_kafka_|^_ITM_|^__gmon/.test(name) && !provided.has(name))
    .map((name) => `needs ${name}, which Node lacks`);
}

async function symbols(file, ...flags) {
  const output = await runCommand('nm', ['--dynamic', '--format=posix', ...flags, file]);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => /^(.+?) [A-Za-z]( [0-9a-f ]*)?$/.exec(line)?.[1] ?? line);
}

function isInOldestGlibc(name) {
  const version = /@GLIBC_([\d.]+)$/.exec(name)?.[1];
  if (version === undefined) return false;
  const [major, minor] = version.split('.').map(Number);
  const [majorMax, minorMax] = glibcOldest.split('.').map(Number);
  return major < majorMax || (major === majorMax && minor <= minorMax);
}
