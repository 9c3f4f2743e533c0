import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** Folders that the copy has its own version of, or does not need. */
const notShared = ['dist', '.git', 'src', 'test', 'bench', 'docs'];

/** A text of the built program and its replacement in the slow copy. */
interface Change {
  readonly file: string;
  readonly anchor: string;
  readonly replacement: string;
  /** Appended to the file. */
  readonly functions?: string;
}

export interface SlowBuild {
  readonly cli: string;
  remove(): Promise<void>;
}

/**
 * A change by which each turn of a member burns CPU time: `share` of the time that the process has
 * used since the previous turn. With one member, the CPU time of a record rises by this share. It
 * spins for a number of iterations that is measured at the start, instead of waiting for a clock:
 * the process's CPU clock would also count its other threads.
 */
export function moreCpuTime(share: number): Change {
  const anchor = 'turn.rebalance();';
  return {
    file: 'dist/member/entry.js',
    anchor,
    replacement: `burn(); ${anchor}`,
    functions: `
let usedBefore = 0;
let owed = 0;
function burn() {
  const { user, system } = process.cpuUsage();
  const used = user + system;
  if (usedBefore > 0) owed = ${share} * Math.max(0, used - usedBefore - owed);
  usedBefore = used;
  spin(Math.round(owed * turnsPerMicro));
}
function spin(turns) {
  for (let turn = 0; turn < turns; turn += 1) spun = (Math.imul(spun, 1103515245) + 12345) | 0;
}
let spun = 1;
/** The fastest of many measurements; the others were interrupted. */
const turnsPerMicro = Math.max(...Array.from({ length: 100 }, () => {
  const sinceMs = performance.now();
  spin(100_000);
  return 100 / (performance.now() - sinceMs);
}));
`,
  };
}

/**
 * A change that makes the service time of a record of lane `work` longer by `share`, in groups of
 * at least `membersMin`.
 */
export function moreServiceTime(share: number, membersMin: number): Change {
  const anchor = 'workUs: target.workUs';
  const replacement = `${anchor} * (run.members >= ${membersMin} ? ${1 + share} : 1)`;
  return { file: 'dist/benchmark/run-all.js', anchor, replacement };
}

/**
 * A copy of the built program with one change. The program itself has no switch that makes it
 * slower.
 */
export async function buildSlow({ file, anchor, replacement, functions = '' }: Change): Promise<SlowBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'detection-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const entry of await readdir(root)) {
      if (!notShared.includes(entry)) await symlink(join(root, entry), join(folder, entry));
    }
    const text = await readFile(join(folder, file), 'utf8');
    if (text.split(anchor).length !== 2) throw new Error(`${file} does not contain '${anchor}' exactly once`);
    await writeFile(join(folder, file), `${text.replace(anchor, replacement)}${functions}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { cli: join(folder, 'dist/cli.js'), remove };
}
