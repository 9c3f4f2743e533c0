import { expect, test } from 'vitest';
import { commandSummaries } from '../../src/commands/command-summaries.ts';
import { runCli } from '../support/spawned.ts';

/** Prints the packages that a process has loaded when it exits. */
const printPackages = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const packages = new Set();
  registerHooks({
    load(url, context, next) {
      const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
      if (name !== undefined) packages.add(name);
      return next(url, context);
    },
  });
  process.on('exit', () => process.stderr.write(JSON.stringify([...packages])));
`)}`;

async function packagesOf(args: readonly string[]): Promise<readonly string[]> {
  const env = { ...process.env, NODE_OPTIONS: `--import=${printPackages}` };
  const { code, stderr } = await runCli(args, { env });
  expect(code, stderr).toBe(0);
  return JSON.parse(stderr) as string[];
}

test.each([['--help'], ['--version'], ['help']])('%s loads no package but commander', async (flag) => {
  expect(await packagesOf([flag])).toEqual(['commander']);
});

test.each(commandSummaries.map(({ name }) => name))(
  '%s --help loads no package that only its work needs',
  async (name) => {
    const allowed = ['commander', 'zod', 'yaml', 'piscina'];
    expect((await packagesOf([name, '--help'])).filter((loaded) => !allowed.includes(loaded))).toEqual([]);
  },
);
