import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { spawnForTest, type CliOutcome } from '../support/spawned.ts';
import { singleFile } from './bare-root.ts';

/** Runs the single file, or a copy of it, on this machine, to its end. */
export async function runFile(
  args: readonly string[],
  { file = singleFile(), env = {} }: { readonly file?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CliOutcome> {
  const child = spawnForTest(file, args, { env: { ...process.env, ...env } });
  child.stdin.end();
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
