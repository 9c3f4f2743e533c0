import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** Lines of the built table writer that depend on lease and journal, and their replacements. */
const edits = [
  ['if (this.#held === undefined || !enterApply(memory, this.#held)) {', 'if (this.#held === undefined) {'],
  [
    'const plan = planBatch(',
    'if (directBatch(memory, sums, nextOffset)) return { type: "applied" };\n        enterApply(memory, this.#held);\n        const plan = planBatch(',
  ],
  [
    "import assert from 'node:assert';",
    "import assert from 'node:assert';\nimport { directBatch } from './direct-batch.js';",
  ],
] as const;

/** A copy of the built program that applies batches without lease and journal. */
export function buildDirect(): { readonly dist: URL; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'history-cost-'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of readdirSync(root)) {
    if (['node_modules', 'package.json', '.cache', 'patches'].includes(name))
      symlinkSync(join(root, name), join(folder, name));
  }
  const count = join(folder, 'dist', 'count');
  const source = readFileSync(join(import.meta.dirname, 'direct-batch.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(join(count, 'direct-batch.js'), outputText.replace(/'\.\.\/\.\.\/src\/count\/(.*)\.ts'/g, "'./$1.js'"));
  const file = join(count, 'table-writer.js');
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) throw new Error(`'${from}' does not stand once in ${file}`);
    text = text.replace(from, () => to);
  }
  writeFileSync(file, text);
  return {
    dist: pathToFileURL(join(folder, 'dist/')),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
