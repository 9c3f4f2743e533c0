import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WordcountError } from '../../errors.ts';
import { amplifiers } from './amplifiers.ts';
import type { Mutant, MutantEdit } from './mutant.ts';
import { findMutant } from './mutant-list.ts';

const projectFolder = join(import.meta.dirname, '..', '..', '..');
/** What a mutant has of its own, or has no use for. */
const notShared = ['dist', '.git', 'src', 'test', 'bench', 'docs'];

export interface BuiltMutant {
  /** The mutant's dist/, ends with a slash. */
  readonly distUrl: URL;
  /** Its member entry, to start member threads from. */
  readonly entryUrl: URL;
  /** Its command line: `node cliFile COMMAND`. */
  readonly cliFile: string;
  /** Removes the copy. */
  readonly dispose: () => Promise<void>;
}

/**
 * A copy of the built program, in a temporary folder, with the mutant's lines in the place of the right ones. The program
 * itself has no such lines and no switch.
 * @throws WordcountError usage when there is no such mutant; internal when its lines are not found exactly once in this build
 */
export async function buildMutant(name: string): Promise<BuiltMutant> {
  return buildCopy(name, findMutant(name).edits);
}

/**
 * The same with all amplifiers, for real threads and brokers. @param mutant - undefined for the right program, amplified
 * @throws WordcountError as buildMutant
 */
export async function buildAmplified(mutant: Mutant | undefined): Promise<BuiltMutant> {
  return buildCopy(mutant?.name ?? 'control', amplifiedEdits(mutant));
}

/** In the order in which they are to be made. */
export function amplifiedEdits(mutant: Mutant | undefined): readonly MutantEdit[] {
  return [...amplifiers.flatMap(({ edits }) => edits), ...(mutant?.edits ?? [])];
}

async function buildCopy(name: string, edits: readonly MutantEdit[]): Promise<BuiltMutant> {
  const folder = await mkdtemp(join(tmpdir(), `mutant-${name}-`));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(projectFolder, 'dist'), join(folder, 'dist'), { recursive: true });
    // Packages, the client and Kafka's files are found from the program's folder: they are the real ones.
    for (const entry of await readdir(projectFolder)) {
      if (!notShared.includes(entry)) await symlink(join(projectFolder, entry), join(folder, entry));
    }
    for (const edit of edits) await applyEdit(join(folder, 'dist', edit.file), name, edit);
  } catch (error) {
    await dispose();
    throw error;
  }
  const distUrl = pathToFileURL(join(folder, 'dist/'));
  return { distUrl, entryUrl: new URL('member/entry.js', distUrl), cliFile: join(folder, 'dist', 'cli.js'), dispose };
}

async function applyEdit(file: string, name: string, edit: MutantEdit): Promise<void> {
  await writeFile(file, mutatedText(await readFile(file, 'utf8'), name, edit));
}

/** @throws WordcountError internal when `edit.from` does not stand exactly once in `text` */
export function mutatedText(text: string, name: string, { file, from, to }: MutantEdit): string {
  const found = text.split(from).length - 1;
  if (found === 1) return text.replace(from, () => to);
  throw new WordcountError(
    'internal',
    `mutant ${name}: '${from}' occurs ${found} times in dist/${file}, expected exactly once`,
    {
      hint: 'run npm run build, then adapt src/stress/mutants to the changed program',
    },
  );
}
