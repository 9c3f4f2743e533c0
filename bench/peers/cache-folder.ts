import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const cache = join(import.meta.dirname, '..', '..', '.cache');
const execute = promisify(execFile);

/**
 * A folder that is filled once and reused while the files that it depends on are unchanged. An
 * interrupted fill leaves no folder.
 * @param sources - files whose contents determine its name
 * @param fill - receives an empty folder
 * @returns its path
 */
export async function cachedFolder(
  name: string,
  sources: readonly string[],
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(await readFile(source));
  const folder = join(cache, `peers-${name}-${hash.digest('hex').slice(0, 8)}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  try {
    await fill(part);
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return folder;
}

/** Runs a program of the preparations to its end. @throws Error with its output when it fails */
export async function runTool(
  program: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<void> {
  const { env = {}, ...others } = options;
  try {
    await execute(program, args, { ...others, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
    throw new Error(`${program} failed: ${output === '' ? String(error) : output}`, { cause: error });
  }
}
