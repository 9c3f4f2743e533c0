import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/**
 * Compiles the sums of a batch to WebAssembly, as text in a module that both the compiler and the
 * tests can import.
 */

const root = join(import.meta.dirname, '..');
const source = 'src/count/assembly/batch-sums.ts';
const folder = join(root, 'src/count/generated');
/**
 * Pages of 64 KiB: room for the tables of code points and a first batch, and the limit of 2 GiB for
 * a batch.
 */
const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '80', '--maximumMemory', '32768'];
const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'];

let binary;
const { error, stderr } = await asc.main(
  [source, '--baseDir', root, '--outFile', 'batch-sums.wasm', ...flags, ...memory],
  {
    writeFile: (_, contents) => {
      binary = contents;
    },
  },
);
if (error !== null || binary === undefined) {
  process.stderr.write(`${stderr.toString()}\n${source} did not compile\n`);
  process.exit(1);
}
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,110}/g);
const text = [
  `/** ${source}, compiled by setup/assembly.js; base64. */`,
  'export const batchSumsModule =',
  `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
  '',
].join('\n');
mkdirSync(folder, { recursive: true });
const target = join(folder, 'batch-sums-module.ts');
writeFileSync(`${target}.tmp`, text);
renameSync(`${target}.tmp`, target);
