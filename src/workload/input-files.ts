import type { Dirent, Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError, unreadable } from '../errors.ts';

export interface InputFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Expands the paths of --input: files as they are, folders as all files below them, sorted by path
 * in the order of code units. Within folders, names that begin with a dot and links to folders are
 * skipped.
 * @throws ClusterError input, naming the path: missing, unreadable, neither file nor folder, or
 *   empty
 */
export async function findInputFiles(paths: readonly string[]): Promise<readonly InputFile[]> {
  const found: InputFile[] = [];
  for (const path of paths) {
    const stats = await attempt(path, () => stat(path));
    const before = found.length;
    if (stats.isDirectory()) await collectFiles(path, found);
    else found.push(checked(path, stats));
    if (found.length === before) throw new ClusterError('input', `${path} contains no files (--input)`);
  }
  if (found.every(({ sizeBytes }) => sizeBytes === 0)) {
    throw new ClusterError('input', `${paths.join(', ')}: no records in this input (--input)`);
  }
  for (const { path } of found) await attempt(path, async () => (await open(path)).close());
  return found;
}

/** Appends files one by one, because a folder may hold more files than a call accepts arguments. */
async function collectFiles(folder: string, found: InputFile[]): Promise<void> {
  const entries = await attempt(folder, () => readdir(folder, { withFileTypes: true }));
  const visible = entries.filter(({ name }) => !name.startsWith('.')).sort(byName);
  for (const entry of visible) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await collectFiles(path, found);
      continue;
    }
    const stats = await attempt(path, () => stat(path));
    if (stats.isFile()) found.push({ path, sizeBytes: stats.size });
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function checked(path: string, stats: Stats): InputFile {
  if (stats.isFile()) return { path, sizeBytes: stats.size };
  throw new ClusterError('input', `${path} is neither a file nor a folder (--input)`, {
    hint: 'write the input to a file first: it is read more than once, so it cannot be a pipe',
  });
}

/** Runs a file operation. Its error becomes one that names path and flag. */
export async function attempt<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw unreadable(path, error, { option: '--input' });
  }
}
