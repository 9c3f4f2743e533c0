import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aptHint, installPackages } from './apt.js';
import { clientPackages, isCompiled } from './client.js';
import { findProgram } from './command.js';

/**
 * For each of Debian's packages: a file or program that proves that it, or the same software from
 * another source, is installed.
 */
const signs = {
  'g++': { program: 'g++' },
  make: { program: 'make' },
  python3: { program: 'python3' },
  'pkg-config': { program: 'pkg-config' },
  'libcurl4-openssl-dev': { header: 'curl/curl.h' },
  'libssl-dev': { header: 'openssl/ssl.h' },
  'libzstd-dev': { header: 'zstd.h' },
  'zlib1g-dev': { header: 'zlib.h' },
  'liblz4-dev': { header: 'lz4.h' },
  'libsasl2-dev': { header: 'sasl/sasl.h' },
};

/**
 * Folders that compilers search by default; Debian keeps some headers in a folder of the
 * architecture.
 */
function headerFolders() {
  const folders = ['/usr/include', '/usr/local/include'];
  const perArchitecture = existsSync('/usr/include')
    ? readdirSync('/usr/include').filter((name) => name.endsWith('-linux-gnu'))
    : [];
  return [...folders, ...perArchitecture.map((name) => join('/usr/include', name))];
}

function missing() {
  const folders = headerFolders();
  return clientPackages.filter((name) => {
    const { program, header } = signs[name];
    return header === undefined ? !findProgram(program) : !folders.some((folder) => existsSync(join(folder, header)));
  });
}

export const steps = [
  {
    name: 'compiler and system libraries',
    // A compiled client does not need them.
    done: () => isCompiled() || missing().length === 0,
    found: () => (missing().length === 0 ? 'all installed' : `missing: ${missing().join(', ')}`),
    run: () => installPackages(missing()),
    hint: aptHint(clientPackages),
  },
];
