import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError, reasonOf } from '../errors.ts';
import { failedPrefix, ownedPrefix } from './leftovers.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { userFolder } from './user-folder.ts';

/** The folder of one cluster: configuration, data and logs of its processes. */
export interface ClusterFolder {
  readonly path: string;
  /** True when the folder stays after the cluster has stopped. */
  readonly kept: boolean;
  /**
   * Moves the logs to a folder that `close` does not remove, deleting other data if necessary. Call
   * it only after all processes have ended.
   * @returns that folder; undefined when there are no logs
   */
  keepLogs(): Promise<string | undefined>;
  close(): Promise<void>;
  /** Closes the folder synchronously, for an exit handler. */
  closeNow(): void;
}

/**
 * @param options.dataFolder - the folder itself when its data is to be kept, otherwise the parent
 *   of a temporary one
 * @throws ClusterError environment, when another running process uses the data folder
 */
export async function openClusterFolder(options: {
  readonly dataFolder?: string;
  readonly keepData?: boolean;
}): Promise<ClusterFolder> {
  const { dataFolder, keepData = dataFolder !== undefined } = options;
  if (keepData) {
    return keptFolder(dataFolder ?? (await mkdtemp(join(await userFolder(), 'kept-'))));
  }
  const parent = dataFolder ?? (await userFolder());
  await mkdir(parent, { recursive: true });
  return temporaryFolder(await mkdtemp(join(parent, ownedPrefix())));
}

const removal = { recursive: true, force: true, maxRetries: 3 } as const;

function temporaryFolder(path: string): ClusterFolder {
  return {
    path,
    kept: false,
    keepLogs: () => moveLogs(path),
    close: () => rm(path, removal),
    closeNow: () => {
      rmSync(path, removal);
    },
  };
}

/** On a full disk the new folder cannot be created before the data is deleted. */
async function moveLogs(path: string): Promise<string | undefined> {
  const logs = join(path, 'logs');
  if (!existsSync(logs)) return undefined;
  const others = (await readdir(path)).filter((name) => name !== 'logs');
  for (const name of others) await rm(join(path, name), removal);
  const target = join(await mkdtemp(join(await userFolder(), failedPrefix())), 'logs');
  // The user's folder may be on another disk.
  await rename(logs, target).catch(() => cp(logs, target, { recursive: true }));
  return target;
}

async function keptFolder(path: string): Promise<ClusterFolder> {
  const ownerFile = join(path, 'owner.json');
  const owner = await readOwner(ownerFile);
  if (owner !== undefined && isAlive(owner)) {
    throw new ClusterError('environment', `the data folder ${path} is in use by process ${owner.pid} (--data)`, {
      hint: 'stop those brokers first: consumer-cluster brokers stop',
    });
  }
  try {
    await mkdir(path, { recursive: true });
    await writeFile(ownerFile, JSON.stringify(identify(process.pid) ?? { pid: process.pid, startTicks: 0 }));
  } catch (cause) {
    throw new ClusterError('environment', `can't write ${path} (--data): ${reasonOf(cause)}`, { cause });
  }
  return {
    path,
    kept: true,
    keepLogs: () => Promise.resolve(join(path, 'logs')),
    close: () => rm(ownerFile, { force: true }),
    closeNow: () => {
      rmSync(ownerFile, { force: true });
    },
  };
}

async function readOwner(file: string): Promise<ProcessIdentity | undefined> {
  try {
    const { pid, startTicks } = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessIdentity>;
    return pid === undefined || startTicks === undefined ? undefined : { pid, startTicks };
  } catch {
    return undefined;
  }
}
