import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ClusterError } from '../../errors.ts';
import { installation } from '../../installation.ts';
import { amplifiers } from './amplifiers.ts';
import type { Mutant, MutantEdit } from './mutant.ts';
import { findMutant } from './mutant-list.ts';

/** Folders that a mutant has a copy of, or does not need. */
const notShared = ['dist', '.git', 'src', 'test', 'bench', 'docs'];

export interface BuiltMutant {
  /** URL of the mutant's dist/; ends with a slash. */
  readonly distUrl: URL;
  /** The mutant's member entry, for starting member threads. */
  readonly entryUrl: URL;
  /** The mutant's command line: `node cliFile COMMAND`. */
  readonly cliFile: string;
  /** Removes the copy. */
  readonly dispose: () => Promise<void>;
}

/**
 * Copies the built program to a temporary folder and applies the mutant's edits. The program itself
 * contains neither these lines nor a switch for them.
 * @throws ClusterError usage when the mutant is unknown; internal when one of its lines does not
 *   occur exactly once in this build
 */
export async function buildMutant(name: string): Promise<BuiltMutant> {
  return buildCopy(name, findMutant(name).edits);
}

/**
 * Builds a mutant with all amplifiers, for real threads and brokers.
 * @param mutant - undefined builds the correct program with the amplifiers
 * @throws ClusterError as buildMutant
 */
export async function buildAmplified(mutant: Mutant | undefined): Promise<BuiltMutant> {
  return buildCopy(mutant?.name ?? 'control', amplifiedEdits(mutant));
}

/**
 * Builds a program for runs across processes, without amplifiers.
 * @param mutant - undefined builds the correct program
 * @throws ClusterError as buildMutant
 */
export async function buildForProcesses(mutant: Mutant | undefined): Promise<BuiltMutant> {
  return buildCopy(mutant?.name ?? 'control', mutant?.edits ?? []);
}

/** Edits in the order in which they have to be applied. */
export function amplifiedEdits(mutant: Mutant | undefined): readonly MutantEdit[] {
  return [...amplifiers.flatMap(({ edits }) => edits), ...(mutant?.edits ?? [])];
}

async function buildCopy(name: string, edits: readonly MutantEdit[]): Promise<BuiltMutant> {
  const folder = await mkdtemp(join(tmpdir(), `mutant-${name}-`));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(installation.folder, 'dist'), join(folder, 'dist'), { recursive: true, filter: isProgram });
    // Packages, the client and Kafka's files are found relative to the program's folder, so the
    // copy links to the originals.
    for (const entry of await readdir(installation.folder)) {
      if (!notShared.includes(entry)) await symlink(join(installation.folder, entry), join(folder, entry));
    }
    for (const edit of edits) await applyEdit(join(folder, 'dist', edit.file), name, edit);
  } catch (error) {
    await dispose();
    throw error;
  }
  const distUrl = pathToFileURL(join(folder, 'dist/'));
  return { distUrl, entryUrl: new URL('member/entry.js', distUrl), cliFile: join(folder, 'dist', 'cli.js'), dispose };
}

/** Types are half of the files, and no program reads them. */
function isProgram(path: string): boolean {
  return !path.endsWith('.d.ts');
}

async function applyEdit(file: string, name: string, edit: MutantEdit): Promise<void> {
  await writeFile(file, mutatedText(await readFile(file, 'utf8'), name, edit));
}

/** @throws ClusterError internal when `edit.from` does not occur exactly once in `text` */
export function mutatedText(text: string, name: string, { file, from, to }: MutantEdit): string {
  const found = text.split(from).length - 1;
  if (found === 1) return text.replace(from, () => to);
  throw new ClusterError(
    'internal',
    `mutant ${name}: '${from}' occurs ${found} times in dist/${file}, expected exactly once`,
    {
      hint: 'run npm run build, then adapt src/stress/mutants to the changed program',
    },
  );
}
