import { join } from 'node:path';
import { cachedFolder, runTool } from './cache-folder.ts';

export interface CompileOptions {
  readonly signal: AbortSignal;
  /** Files besides the source that determine the program. */
  readonly depends?: readonly string[];
  /** Arguments after the source. */
  readonly flags?: readonly string[];
}

/**
 * Compiles `c/NAME.c`, unless an unchanged one was compiled before.
 * @returns the program's path
 * @throws Error with the compiler's last lines
 */
export async function compileC(name: string, { signal, depends = [], flags = [] }: CompileOptions): Promise<string> {
  const sources = join(import.meta.dirname, 'c');
  const source = join(sources, `${name}.c`);
  const folder = await cachedFolder(`c-${name}`, [source, join(sources, 'program.h'), ...depends], async (target) => {
    await runTool('cc', ['-O2', '-o', join(target, name), source, ...flags], { signal });
  });
  return join(folder, name);
}
