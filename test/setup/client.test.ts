import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { cleanEnvironment } from '../../setup/client-environment.js';
import { runCommand } from '../../setup/command.js';
import { headersArguments, nodeGypFile } from '../../setup/node-gyp.js';
import { nativeClientFile } from '../../src/kafka/native/native-client.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test("npm's settings and compiler variables do not influence the build", async () => {
  const settings = [
    'npm_config_nodedir',
    'NPM_CONFIG_NODEDIR',
    'npm_Config_Nodedir',
    'npm_package_config_node_gyp_nodedir',
  ];
  for (const name of settings) vi.stubEnv(name, '/usr/lib/other-node');
  vi.stubEnv('CXXFLAGS', '-O0');
  vi.stubEnv('npm_config_https_proxy', 'http://proxy:3128');
  const environment = cleanEnvironment();
  for (const name of [...settings, 'CXXFLAGS']) expect(environment).toHaveProperty(name, undefined);
  expect(environment).not.toHaveProperty('npm_config_https_proxy');

  const folder = mkdtempSync(join(tmpdir(), 'addon-'));
  writeFileSync(join(folder, 'binding.gyp'), '{ "targets": [{ "target_name": "addon", "sources": ["addon.cc"] }] }');
  const args = [await nodeGypFile(), 'configure', ...headersArguments()];
  await runCommand(process.execPath, args, { cwd: folder, env: environment });
  const made = readFileSync(join(folder, 'build', 'config.gypi'), 'utf8');
  expect(made).not.toContain('/usr/lib/other-node');
  const headers = /"nodedir": "([^"]+)"/.exec(made)?.[1] ?? '';
  expect(headers).not.toBe('');
  const [, major] =
    /^#define NODE_MAJOR_VERSION (\d+)$/m.exec(
      readFileSync(join(headers, 'include', 'node', 'node_version.h'), 'utf8'),
    ) ?? [];
  expect(major).toBe(process.versions.node.split('.')[0]);
});

const load = (file: string): { status: number | null; stderr: string } => {
  const script = join(import.meta.dirname, '..', '..', 'setup', 'load-client.js');
  const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, stderr };
};

test('the client counts as built only when a worker thread of this Node loads it', () => {
  expect(load(nativeClientFile())).toEqual({ status: 0, stderr: '' });
  // A library that exports no addon, as an addon for another Node would.
  const library = join(dirname(nativeClientFile()), 'librdkafka.so.1');
  expect(load(library)).toMatchObject({ status: 1 });
  expect(load(library).stderr).not.toBe('');
  const addon = join(mkdtempSync(join(tmpdir(), 'addon-')), 'text.node');
  writeFileSync(addon, 'this is not a library\n');
  expect(load(addon)).toMatchObject({ status: 1 });
  expect(load(addon).stderr).toMatch(/invalid ELF header|file too short/);
});

test('the client is found by the ABI of the running Node', () => {
  expect(nativeClientFile()).toContain(`node-v${process.versions.modules}-${process.platform}-${process.arch}`);
});
