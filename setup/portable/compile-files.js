import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const common = ['-fPIC', '-fno-sanitize=undefined', '-w', '-c'];

/**
 * Compiles files, as many at a time as there are processors.
 * @param {object} options
 * @param {ReturnType<typeof import('./toolchain.js').compiler>} options.compile
 * @param {'c' | 'c++'} options.language
 * @param {string} options.folder - the folder of the files; the compiler runs in it
 * @param {readonly string[]} options.files
 * @param {readonly string[]} options.flags
 * @param {string} options.objectsFolder - receives the objects
 * @returns {Promise<string[]>} the objects' paths
 */
export async function compileFiles({ compile, language, folder, files, flags, objectsFolder }) {
  mkdirSync(objectsFolder, { recursive: true });
  const waiting = files.map((file) => ({ file, object: join(objectsFolder, `${file.replaceAll('/', '-')}.o`) }));
  const objects = waiting.map(({ object }) => object);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await compile(language, [...common, ...flags, next.file, '-o', next.object], { cwd: folder });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return objects;
}
