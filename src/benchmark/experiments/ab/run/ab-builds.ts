import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ClusterError } from '../../../../errors.ts';
import type { BenchProgress } from '../../../bench-topic.ts';

/** A built program to benchmark. */
export interface AbBuild {
  /** The revision or folder as given on the command line, with the commit hash for a revision. */
  readonly name: string;
  /** Path of the program's entry point, `dist/cli.js`. */
  readonly cli: string;
  /** Removes the work tree, if one was created. */
  remove(): Promise<void>;
}

const root = join(import.meta.dirname, '../../../../..');
/** Timeout of one build command: building the native client takes minutes. */
const buildMs = 900_000;

/** A program to benchmark, before it is built. */
export type AbSource =
  | { readonly type: 'built'; readonly name: string; readonly cli: string }
  | { readonly type: 'revision'; readonly name: string; readonly hash: string };

/**
 * @param revision - git revision, or folder with a built program
 * @throws ClusterError input when it is neither
 */
export async function findSource(revision: string): Promise<AbSource> {
  const cli = join(revision, 'dist/cli.js');
  if (existsSync(cli)) return { type: 'built', name: revision, cli };
  const hash = await revisionOf(revision);
  const short = hash.slice(0, 12);
  return { type: 'revision', hash, name: hash.startsWith(revision) ? short : `${revision} (${short})` };
}

/**
 * Builds a git revision in a separate work tree in the temporary folder. The build shares this
 * clone's packages when lock file and patches are identical; otherwise the revision's setup script
 * installs and compiles them. A folder that contains a built program is used unchanged.
 * @throws ClusterError input when the revision does not build; the signal's reason
 */
export async function prepareBuild(source: AbSource, progress: BenchProgress): Promise<AbBuild> {
  const { name } = source;
  if (source.type === 'built') return { name, cli: source.cli, remove: () => Promise.resolve() };
  const { hash } = source;
  const folder = await mkdtemp(join(tmpdir(), 'consumer-cluster-ab-'));
  const tree = join(folder, 'tree');
  const remove = async (): Promise<void> => {
    await run('git', ['worktree', 'remove', '--force', tree], { cwd: root }).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    progress.log(`building ${name}`);
    await run('git', ['worktree', 'add', '--detach', tree, hash], { cwd: root, signal: progress.signal });
    if (await samePackages(tree)) {
      await symlink(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir');
      await run('npm', ['run', 'build'], { cwd: tree, signal: progress.signal });
    } else {
      progress.log(`${name} has different npm packages: installing them takes minutes`);
      await shareCompiledClients(tree);
      await run(process.execPath, ['setup/main.js'], { cwd: tree, signal: progress.signal });
    }
    return { name, cli: join(tree, 'dist/cli.js'), remove };
  } catch (error) {
    await remove();
    progress.signal.throwIfAborted();
    const { stderr = '' } = error as { readonly stderr?: string };
    throw new ClusterError('input', `the build of ${name} failed`, { cause: error, hint: lastLine(stderr) });
  }
}

async function revisionOf(revision: string): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { cwd: root });
    return stdout.trim();
  } catch (cause) {
    throw new ClusterError(
      'input',
      `'${revision}' is neither a revision of ${root} nor a folder with a built program`,
      {
        cause,
      },
    );
  }
}

/**
 * Shares the cache of compiled clients. This is safe because each entry's name is a hash of
 * everything that the client depends on.
 */
async function shareCompiledClients(tree: string): Promise<void> {
  const folder = (place: string): string => join(place, '.cache', 'client');
  await mkdir(folder(root), { recursive: true });
  await mkdir(join(tree, '.cache'));
  await symlink(folder(root), folder(tree), 'dir');
}

/** Two trees have the same packages when lock file, patches and the client's build script match. */
async function samePackages(tree: string): Promise<boolean> {
  const facts = async (folder: string): Promise<string> => {
    const patches = (await readdir(join(folder, 'patches')).catch(() => [])).sort();
    const files = ['package-lock.json', join('setup', 'client.js'), ...patches.map((name) => join('patches', name))];
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8').catch(() => '')));
    return JSON.stringify([files, texts]);
  };
  return (await facts(tree)) === (await facts(root));
}

function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal },
): Promise<{ stdout: string; stderr: string }> {
  // Puts this process's Node first in PATH, so that both revisions run on the same version.
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH: path };
  return promisify(execFile)(command, [...args], { timeout: buildMs, maxBuffer: 2 ** 26, env, ...options });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
