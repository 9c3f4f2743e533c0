import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WordcountError } from '../errors.ts';
import { failedPrefix, ownedPrefix } from './leftovers.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { userFolder } from './user-folder.ts';

/** The folder of one cluster: configuration, data and logs of its processes. */
export interface ClusterFolder {
  readonly path: string;
  /** Whether it stays when the cluster stops. */
  readonly kept: boolean;
  /** Brings the logs to where closing the folder leaves them alone. @returns where that is; undefined when there are none */
  keepLogs(): Promise<string | undefined>;
  close(): Promise<void>;
  /** The same in an exit handler, without waiting. */
  closeNow(): void;
}

/**
 * @param options.dataFolder - the folder itself when its data is to be kept, else where a temporary one goes
 * @throws WordcountError environment, when another running process uses that data folder
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

function temporaryFolder(path: string): ClusterFolder {
  const removal = { recursive: true, force: true, maxRetries: 3 } as const;
  return {
    path,
    kept: false,
    keepLogs: async () => {
      if (!existsSync(join(path, 'logs'))) return undefined;
      const target = join(await mkdtemp(join(await userFolder(), failedPrefix())), 'logs');
      await rename(join(path, 'logs'), target);
      return target;
    },
    close: () => rm(path, removal),
    closeNow: () => {
      rmSync(path, removal);
    },
  };
}

async function keptFolder(path: string): Promise<ClusterFolder> {
  const ownerFile = join(path, 'owner.json');
  const owner = await readOwner(ownerFile);
  if (owner !== undefined && isAlive(owner)) {
    throw new WordcountError('environment', `the data folder ${path} is in use by process ${owner.pid} (--data)`, {
      hint: 'stop those brokers first: consumer-cluster brokers stop',
    });
  }
  try {
    await mkdir(path, { recursive: true });
    await writeFile(ownerFile, JSON.stringify(identify(process.pid) ?? { pid: process.pid, startTicks: 0 }));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown cause';
    throw new WordcountError('environment', `can't keep data in ${path} (--data): ${code}`, { cause });
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
