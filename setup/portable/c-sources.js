import { dirname, join } from 'node:path';
import { runDownload } from '../download.js';
import { findTool } from './toolchain.js';

const manifest = join(import.meta.dirname, 'Cargo.toml');

/**
 * Downloads the C libraries that the client contains. cargo verifies their checksums.
 * @returns {Promise<{ name: 'curl' | 'zstd', version: string, folder: string }[]>} folders with the
 *   libraries' sources
 */
export async function cSources() {
  const flags = ['--locked', '--format-version', '1', '--filter-platform', 'x86_64-unknown-linux-gnu'];
  const args = ['metadata', ...flags, '--manifest-path', manifest];
  const { packages } = JSON.parse(await runDownload(findTool('cargo'), args, { name: 'the download of C libraries' }));
  return ['curl', 'zstd'].map((name) => {
    const { manifest_path: file, version } = packages.find((found) => found.name === `${name}-sys`);
    // A version such as 0.4.91+curl-8.22.0 contains the library's own.
    return { name, version: /(\d+\.\d+\.\d+)$/.exec(version)[1], folder: join(dirname(file), name) };
  });
}
