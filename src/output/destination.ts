import { constants, fstatSync, type Stats } from 'node:fs';
import { access, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ClusterError, reasonOf } from '../errors.ts';

/**
 * The destination of an output. `path` is what the user wrote; `target` is the same path with all
 * symbolic links followed.
 */
export type Destination =
  /** `-`, /dev/stdout, /dev/fd/N: a descriptor that this process has inherited. */
  | { readonly type: 'descriptor'; readonly path: string; readonly descriptor: number }
  /** A regular file, or one that does not exist yet. In the second case `existing` is undefined. */
  | { readonly type: 'file'; readonly path: string; readonly target: string; readonly existing: Stats | undefined }
  /** A named pipe or a character device: written directly, never replaced. */
  | { readonly type: 'pipe' | 'device'; readonly path: string; readonly target: string };

/**
 * Determines the type of an output's path, and checks that it can be written.
 * @param flag - named in errors, `--json`
 * @throws ClusterError input, before any work is done
 */
export async function inspectDestination(flag: string, path: string): Promise<Destination> {
  try {
    const descriptor = descriptorOf(path);
    if (descriptor !== undefined) return inspectDescriptor(path, descriptor);
    const target = await followLinks(resolve(path));
    const found = await statIfAny(target);
    if (path.endsWith('/') || found?.isDirectory() === true)
      throw new Refusal('it is a folder', 'name a file in that folder');
    if (found === undefined) {
      await requireFolder(dirname(target));
      return { type: 'file', path, target, existing: undefined };
    }
    await access(target, constants.W_OK);
    if (found.isFile()) return { type: 'file', path, target, existing: found };
    if (found.isFIFO()) return { type: 'pipe', path, target };
    if (found.isCharacterDevice()) return { type: 'device', path, target };
    throw new Refusal(`it is a ${found.isSocket() ? 'socket' : 'block device'}`, 'name a regular file');
  } catch (error) {
    throw refusalOf(flag, path, error);
  }
}

/**
 * The identity of a destination, equal for two paths to the same one; undefined for destinations
 * that several outputs may share.
 */
export function identityOf(destination: Destination): string | undefined {
  switch (destination.type) {
    case 'descriptor': {
      const facts = fstatSync(destination.descriptor);
      return facts.isFile() ? fileIdentity(facts) : `descriptor ${destination.descriptor}`;
    }
    case 'file':
      return destination.existing === undefined ? destination.target : fileIdentity(destination.existing);
    case 'pipe':
      return destination.target;
    case 'device':
      return undefined;
  }
}

export function fileIdentity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

class Refusal extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

function refusalOf(flag: string, path: string, cause: unknown): ClusterError {
  const hint = cause instanceof Refusal ? cause.hint : undefined;
  const reason = cause instanceof Refusal ? cause.message : reasonOf(cause);
  return new ClusterError('input', `can't write ${path} (${flag}): ${reason}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

function descriptorOf(path: string): number | undefined {
  if (path === '-' || path === '/dev/stdout') return 1;
  if (path === '/dev/stderr') return 2;
  const [, number] = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d+)$/.exec(path) ?? [];
  return number === undefined ? undefined : Number(number);
}

function inspectDescriptor(path: string, descriptor: number): Destination {
  // A closed standard output is not an error: the command works without a reader.
  if (path === '-') return { type: 'descriptor', path, descriptor };
  const facts = fstatSync(descriptor);
  if (facts.isDirectory()) throw new Refusal('it is a folder', 'name a file in that folder');
  if (facts.isFile() || facts.isFIFO() || facts.isSocket() || facts.isCharacterDevice()) {
    return { type: 'descriptor', path, descriptor };
  }
  throw new Refusal(`descriptor ${descriptor} is not open for writing`, 'name a file, or - for standard output');
}

const linksMax = 40;

/** Unlike realpath, it accepts a link whose target does not exist yet. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < linksMax; links += 1) {
    const link = await lstat(target).catch(() => undefined);
    if (!link?.isSymbolicLink()) {
      const folder = await realpath(dirname(target));
      return join(folder, basename(target));
    }
    target = resolve(dirname(target), await readlink(target));
  }
  throw new Refusal('too many symbolic links', 'name the target file instead');
}

async function statIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function requireFolder(folder: string): Promise<void> {
  await access(folder, constants.W_OK | constants.X_OK);
}
