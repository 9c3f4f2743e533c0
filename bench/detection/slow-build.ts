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
 * A copy of the built program in which each turn of a member burns CPU time: `share` of what the process has used since the
 * last turn. With one member a record costs that much more CPU time. The program itself has no such switch.
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
let usedMicros = 0;
function burn() {
  const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
  const nowMicros = used();
  const until = nowMicros + ${share} * (usedMicros === 0 ? 0 : nowMicros - usedMicros);
  while (used() < until);
  usedMicros = used();
}
`;
    await writeFile(join(folder, loopFile), slowed);
  } catch (error) {
    await remove();
    throw error;
  }
  return { cli: join(folder, 'dist/cli.js'), remove };
}
