import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { spawnForTest } from '../support/spawned.ts';

const program = join(import.meta.dirname, '..', 'fixtures', 'library', 'leaks.js');

interface Found {
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
}

/** Makes a use of test/fixtures/library/uses.js in a process that ends when nothing is left to do. */
async function make(use: string): Promise<{ found: Found; code: unknown; printed: string }> {
  const child = spawnForTest(process.execPath, [program, use], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, TMPDIR: mkdtempSync(join(tmpdir(), 'library-leaks-')) },
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  const message = once(child, 'message');
  const exited = once(child, 'exit');
  const printed = Promise.all([text(stdout), text(stderr)]);
  const [first] = (await Promise.race([message, exited])) as [unknown];
  const [code] = (await exited) as [unknown];
  return { found: first as Found, code, printed: (await printed).join('') };
}

test.each(['groups', 'runs'])(
  '%s: leaves nothing behind, prints nothing, and lets the process end',
  { timeout: 360_000 },
  async (use) => {
    const { found, code, printed } = await make(use);
    expect(printed).toBe('');
    expect(found.after).toEqual(found.before);
    expect(found.after).toMatchObject({ children: '', listeners: {} });
    expect(code).toBe(0);
  },
);
