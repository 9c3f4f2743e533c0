import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const loopFile = 'dist/member/loop.js';
/** Where a member has finished a batch and yields to the event loop. */
const anchor = 'await yieldToEvents();';
/** What the copy has of its own, or has no use for. */
const notShared = ['dist', '.git', 'src', 'test', 'bench', 'docs'];

export interface SlowBuild {
  readonly cli: string;
  remove(): Promise<void>;
}

/**
 * A copy of the built program in which each turn of a member burns CPU time: `share` of what the process has used beside since
 * the turn before. With one member a record costs that much more CPU time. It spins a number of times that was measured at the
 * start, not until a clock says so: the process's own would count its other threads, which go on meanwhile, and a thread has none
 * in Node 20. The program itself has no such switch.
 */
export async function buildSlow(share: number): Promise<SlowBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'detection-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const entry of await readdir(root)) {
      if (!notShared.includes(entry)) await symlink(join(root, entry), join(folder, entry));
    }
    const text = await readFile(join(folder, loopFile), 'utf8');
    if (text.split(anchor).length !== 2) throw new Error(`'${anchor}' does not stand once in ${loopFile}`);
    const slowed = `${text.replace(anchor, `burn(); ${anchor}`)}
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
/** The fastest of many: the others were interrupted. */
const turnsPerMicro = Math.max(...Array.from({ length: 100 }, () => {
  const sinceMs = performance.now();
  spin(100_000);
  return 100 / (performance.now() - sinceMs);
}));
`;
    await writeFile(join(folder, loopFile), slowed);
  } catch (error) {
    await remove();
    throw error;
  }
  return { cli: join(folder, 'dist/cli.js'), remove };
}
