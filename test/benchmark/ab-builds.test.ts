import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSource, prepareBuild } from '../../src/benchmark/experiments/ab/run/ab-builds.ts';

const quiet = {
  signal: new AbortController().signal,
  log: () => undefined,
  warn: () => undefined,
  live: () => undefined,
  notice: () => undefined,
};

test('uses a folder with a built program unchanged and does not remove it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ab-'));
  try {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/cli.js'), '');
    const build = await prepareBuild(await findSource(folder), quiet);
    expect(build).toMatchObject({ name: folder, cli: join(folder, 'dist/cli.js') });
    await build.remove();
    expect((await prepareBuild(await findSource(folder), quiet)).cli).toBe(build.cli);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('rejects a name that is neither a revision nor a built program', async () => {
  await expect(findSource('no-such-revision')).rejects.toMatchObject({
    code: 'input',
    message: expect.stringContaining("'no-such-revision' is neither a revision") as string,
  });
});
