import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openClusterFolder } from '../../src/brokers/cluster-folder.ts';
import { removeLeftovers } from '../../src/brokers/leftovers.ts';
import { identify } from '../../src/brokers/process-identity.ts';
import { userFolder } from '../../src/brokers/user-folder.ts';

beforeEach(() => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'folders-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('only the user can read the folder', async () => {
  expect(statSync(await userFolder()).mode & 0o777).toBe(0o700);
});

test('removes the folders of dead processes, and nothing else', async () => {
  const mine = await openClusterFolder({});
  const [, namespace, pid, start] = basename(mine.path).split('-');
  const folder = await userFolder();
  const dead = [`cluster-${namespace}-${pid}-${Number(start) + 1}-x`, `cluster-${namespace}-4194305-5-x`];
  const foreign = [`cluster-1${namespace}-4194305-5-x`, 'kept-x', 'brokers.json'];
  for (const name of [...dead, ...foreign]) mkdirSync(join(folder, name, 'data'), { recursive: true });
  await removeLeftovers();
  expect(readdirSync(folder).sort()).toEqual([basename(mine.path), ...foreign].sort());
  await mine.close();
  expect(existsSync(mine.path)).toBe(false);
});

test('keeps the logs of the last failures only', async () => {
  const kept: string[] = [];
  for (let failure = 0; failure < 8; failure += 1) {
    const folder = await openClusterFolder({});
    mkdirSync(join(folder.path, 'logs'));
    writeFileSync(join(folder.path, 'logs', 'broker-1.log'), String(failure));
    kept.push((await folder.keepLogs()) ?? '');
    await folder.close();
  }
  expect(kept.every((logs) => existsSync(join(logs, 'broker-1.log')))).toBe(true);
  await removeLeftovers();
  expect(kept.map((logs) => existsSync(logs))).toEqual([false, false, false, true, true, true, true, true]);
});

test('one live process at a time uses a data folder', async () => {
  const dataFolder = join(await userFolder(), 'data');
  const first = await openClusterFolder({ dataFolder });
  await expect(openClusterFolder({ dataFolder })).rejects.toThrow(
    `the data folder ${dataFolder} is in use by process ${process.pid} (--data)`,
  );
  await first.close();
  const self = identify(process.pid);
  writeFileSync(join(dataFolder, 'owner.json'), JSON.stringify({ ...self, startTicks: 1 }));
  const second = await openClusterFolder({ dataFolder });
  expect(second.path).toBe(dataFolder);
  await second.close();
  expect(existsSync(dataFolder)).toBe(true);
});

test('a path that cannot be a folder is an error with its flag', async () => {
  const file = join(await userFolder(), 'file');
  writeFileSync(file, '');
  await expect(openClusterFolder({ dataFolder: join(file, 'data') })).rejects.toMatchObject({
    code: 'environment',
    message: `can't write ${join(file, 'data')} (--data): not a directory`,
  });
});

test('a temporary folder in a given folder keeps the other files there', async () => {
  const dataFolder = join(await userFolder(), 'data');
  mkdirSync(join(dataFolder, 'precious'), { recursive: true });
  const folder = await openClusterFolder({ dataFolder, keepData: false });
  writeFileSync(join(folder.path, 'file'), '');
  folder.closeNow();
  expect(readdirSync(dataFolder)).toEqual(['precious']);
});
