import { join } from 'node:path';
import { cSources } from './c-sources.js';
import { zigVersion } from './toolchain.js';

const licenses = { curl: 'curl', zstd: 'BSD-3-Clause' };

/**
 * The libraries inside the portable client, except librdkafka.
 * @param {string} folder - the portable client
 * @returns {Promise<{ name: string, version: string, license: string, purl: string, texts: string[]
 *   }[]>}
 */
export async function clientComponents(folder) {
  const sources = await cSources();
  const text = (name) => [join(folder, 'licenses', `${name}.txt`)];
  const libraries = sources.map(({ name, version }) => ({
    ...{ name, version, license: licenses[name], purl: `pkg:generic/${name}@${version}`, texts: text(name) },
  }));
  const libcxx = { name: 'libc++', version: `of Zig ${zigVersion}`, license: 'Apache-2.0 WITH LLVM-exception' };
  return [...libraries, { ...libcxx, purl: `pkg:pypi/ziglang@${zigVersion}`, texts: text('libcxx') }];
}
