import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { spawnForTest, untilOutput } from '../support/spawned.ts';

const vitest = join('node_modules', 'vitest', 'vitest.mjs');

async function run(...args: string[]): Promise<string> {
  const child = spawnForTest(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const [stdout, stderr] = await output;
  if (code === 0) return stdout;
  throw new Error(`${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
}

test('the examples that are Vitest suites pass', async () => {
  const output = await run(vitest, 'run', '--config', 'examples/vitest.config.ts');
  expect(output).toMatch(/Tests +3 passed \(3\)/);
});

test('custom-benchmark prints a verified row for each compression', async () => {
  const output = await run('examples/custom-benchmark.ts');
  for (const compression of ['none', 'lz4', 'zstd']) {
    expect(output).toMatch(new RegExp(`'${compression}' +│ [1-9]\\d* +│ true`));
  }
});

test('count-folder counts the files of a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'));
  writeFileSync(join(folder, 'a.txt'), 'to be or not to be\n');
  writeFileSync(join(folder, 'b.txt'), 'that is\n');
  const output = await run('examples/count-folder.ts', folder);
  expect(output.split('\n').slice(0, 3)).toEqual([
    '2 lines, 6 different words, verified',
    '       2  be',
    '       2  to',
  ]);
});

test('live-dashboard serves its page and a stream of states, and ends with SIGTERM', async () => {
  const child = spawnForTest(process.execPath, ['examples/live-dashboard.ts']);
  const exited = once(child, 'exit');
  const address = (await untilOutput(child.stdout, /http:\S+\n/)).trim();
  expect(await (await fetch(address)).text()).toContain("new EventSource('/events')");
  const stream = (await fetch(`${address}/events`)).body?.pipeThrough(new TextDecoderStream());
  let seen = '';
  for await (const piece of stream ?? []) {
    seen += piece;
    if (/event: state\ndata: \{"records":[1-9].*"top":\[\{"word":"the".*\n\n/.test(seen)) break;
  }
  expect(seen).toContain('"phase":"assigned"');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
