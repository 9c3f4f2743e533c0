import { mkdtempSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { spawnForTest } from '../support/spawned.ts';

export interface StepOutcome {
  readonly code: number;
  /** What it printed on both streams. */
  readonly output: string;
}

/** Variables of this process that a script may need; a runner has no others. */
const inherited = ['PATH', 'HOME', 'TMPDIR'];

/** Runs a script in a shell as a runner does: from a file, without a terminal. */
export async function runScript(
  script: string,
  place: {
    readonly shell: readonly [program: string, ...args: string[]];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<StepOutcome> {
  const file = join(mkdtempSync(join(tmpdir(), 'step-')), 'script.sh');
  writeFileSync(file, script);
  const [program, ...args] = place.shell;
  const kept = Object.fromEntries(inherited.map((name) => [name, process.env[name]]));
  const child = spawnForTest(program, [...args, file], { cwd: place.cwd, env: { ...kept, ...place.env } });
  child.stdin.end();
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [output, exit] = await Promise.all([outputs, once(child, 'exit')]);
  return { code: exit[0] as number, output: output.join('') };
}
