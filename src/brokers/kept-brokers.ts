import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClusterError } from '../errors.ts';
import type { ManagedBrokers } from './managed-brokers.ts';
import { identify, isAlive, pidNamespace } from './process-identity.ts';
import { userFolder } from './user-folder.ts';

/**
 * File in which `consumer-cluster brokers` describes its background brokers for other commands of
 * the same user.
 */
const KeptBrokersSchema = z.object({
  pidNamespace: z.string(),
  /** The process on which the background brokers depend: they end with it. */
  owner: z.object({ pid: z.int(), startTicks: z.number() }),
  bootstrapServers: z.string(),
  version: z.string(),
  /** Settings that the user changed. */
  settings: z.object({ properties: z.record(z.string(), z.string()), jvmOptions: z.array(z.string()).readonly() }),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  nodes: z
    .array(
      z.object({
        nodeId: z.int(),
        role: z.enum(['broker', 'controller']),
        port: z.int(),
        pid: z.int(),
        logFile: z.string(),
      }),
    )
    .readonly(),
});
export type KeptBrokers = Readonly<z.infer<typeof KeptBrokersSchema>>;

async function stateFile(): Promise<string> {
  return join(await userFolder(), 'brokers.json');
}

/**
 * @returns undefined when no background brokers are running; the entry of a dead process is removed
 */
export async function findKeptBrokers(): Promise<KeptBrokers | undefined> {
  const file = await stateFile();
  const kept = parse(await readFile(file, 'utf8').catch(() => ''));
  if (kept !== undefined && kept.pidNamespace !== pidNamespace()) return undefined;
  if (kept !== undefined && isAlive(kept.owner)) return kept;
  await rm(file, { force: true });
  return undefined;
}

function parse(text: string): KeptBrokers | undefined {
  try {
    return KeptBrokersSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Lets other commands find the brokers of this process. */
export async function announceKeptBrokers(brokers: ManagedBrokers): Promise<void> {
  const file = await stateFile();
  const kept: KeptBrokers = {
    pidNamespace: pidNamespace(),
    owner: identify(process.pid) ?? { pid: process.pid, startTicks: 0 },
    bootstrapServers: brokers.connection.bootstrapServers,
    version: brokers.version,
    settings: brokers.settings,
    startedAt: new Date().toISOString(),
    nodes: [...brokers.nodes],
  };
  // A setting may be a password, so only the owner may read the file.
  await writeFile(`${file}.${process.pid}.part`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.${process.pid}.part`, file);
}

const ownerCheckMs = 1_000;

/**
 * Watches the process on which the background brokers depend. It ends when they cannot continue.
 * @returns a signal that is aborted when the process has ended, and a function that ends the watch
 */
export function watchOwner({ owner }: KeptBrokers): { readonly failed: AbortSignal; end(): void } {
  const gone = new AbortController();
  const timer = setInterval(() => {
    if (isAlive(owner)) return;
    clearInterval(timer);
    const message = `the background brokers and their process ${owner.pid} have ended`;
    gone.abort(
      new ClusterError('brokerUnavailable', message, {
        hint: 'see its output, and start them again with consumer-cluster brokers',
      }),
    );
  }, ownerCheckMs).unref();
  return {
    failed: gone.signal,
    end: () => {
      clearInterval(timer);
    },
  };
}

/** Undoes `announceKeptBrokers`; an announcement by another process stays. */
export async function withdrawKeptBrokers(): Promise<void> {
  const kept = await findKeptBrokers();
  if (kept?.owner.pid === process.pid) await rm(await stateFile(), { force: true });
}
