import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from '../command.js';

/** Parts of glibc, which every system that the file runs on has. */
const glibc = /^(ld-linux|lib(c|m|dl|pthread|rt|resolv|util|anl|nss_\w+)\.so)/;

/**
 * Licenses of Debian's packages, from their copyright files, which the file contains. An unknown
 * package refers to its file.
 */
const licenses = {
  libatomic1: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libgcc-s1': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libstdc++6': 'GPL-3.0-or-later WITH GCC-exception-3.1',
  'libzstd-dev': 'BSD-3-Clause',
  'libc6-dev': 'LGPL-2.1-or-later',
};
/** The launcher is linked with these. */
const inLauncher = ['libzstd-dev', 'libc6-dev'];

/**
 * Copies the libraries that programs need and that may be missing on another system, each into a
 * separate folder: the launcher uses those that the system lacks.
 * @param {readonly string[]} programs
 * @param {string} target
 * @returns {Promise<string[]>} Debian's packages of the copied libraries
 */
export async function carryLibraries(programs, target) {
  const carried = new Map();
  for (const program of programs) {
    const lines = (await runCommand('ldd', [program])).matchAll(/^\s*(?<name>\S+) => (?<path>\/\S+)/gm);
    for (const { groups } of lines) {
      const besideProgram = programs.some((other) => basename(other) === groups.name);
      if (!glibc.test(groups.name) && !besideProgram) carried.set(groups.name, realpathSync(groups.path));
    }
  }
  for (const [name, path] of carried) {
    mkdirSync(join(target, name), { recursive: true });
    copyFileSync(path, join(target, name, name));
  }
  return [...new Set(await Promise.all([...carried.values()].map(packageOf)))].sort();
}

/** Debian's name of the package that a file belongs to. */
async function packageOf(path) {
  // Its database has the paths of before /lib became a link to /usr/lib.
  const found = await runCommand('dpkg-query', ['-S', `*/${basename(path)}`]);
  return found.split(':')[0];
}

/**
 * @param {readonly string[]} carried - Debian's packages
 * @returns {Promise<{ name: string, version: string, license: string, purl: string, texts: string[] }[]>}
 */
export function libraryComponents(carried) {
  return Promise.all(
    [...carried, ...inLauncher].map(async (name) => {
      const version = (await runCommand('dpkg-query', ['-W', '-f', '${Version}\n', name])).split('\n')[0];
      const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
      const license = licenses[name] ?? 'see its copyright file';
      return { name, version, license, purl, texts: [join('/usr/share/doc', name, 'copyright')] };
    }),
  );
}
