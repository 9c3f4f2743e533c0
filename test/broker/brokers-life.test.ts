import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findPorts, isPortFree } from '../../src/brokers/free-ports.ts';
import { removeLeftovers } from '../../src/brokers/leftovers.ts';
import type { ManagedNode } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { identify } from '../../src/brokers/process-identity.ts';
import { ClusterError } from '../../src/errors.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { sharedBrokers, withBrokers } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { spawnForTest } from '../support/spawned.ts';

const timeoutMs = 20_000;
const keeper = join(import.meta.dirname, '..', 'fixtures', 'brokers', 'keeper.js');

const isGone = ({ pid }: { readonly pid: number }): boolean => identify(pid) === undefined;
const clusterFolder = (nodes: readonly ManagedNode[]): string => dirname(dirname(nodes[0]?.logFile ?? ''));

/** Node ids that the broker at that port reports. */
async function knownTo(port: number): Promise<readonly number[]> {
  const connection = { bootstrapServers: `127.0.0.1:${port}`, source: 'managed', properties: {} } as const;
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    return (await admin.brokers()).map(({ nodeId }) => nodeId);
  } finally {
    await admin.close();
  }
}

/** A broker that was stopped for 1.5 s is missing briefly. */
async function knowsBoth(port: number): Promise<void> {
  await expect.poll(() => knownTo(port), { timeout: 60_000 }).toEqual([1, 2]);
}

/** Local addresses, in the kernel's hexadecimal form, on which the process listens. */
function listeningAddresses(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.slice(1) ?? [];
      } catch {
        return [];
      }
    }),
  );
  // A kernel without IPv6 has no table of it.
  const tables = ['tcp', 'tcp6'].map((name) => `/proc/${pid}/net/${name}`).filter((table) => existsSync(table));
  return tables.flatMap((table) =>
    readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}

const loopbackForms = ['0100007F', '0000000000000000FFFF00000100007F'];

test('all callers share the same brokers', async () => {
  const [first, second] = await Promise.all([sharedBrokers(), sharedBrokers()]);
  expect(second).toEqual(first);
  for (const address of first.bootstrapServers.split(',')) await knowsBoth(Number(address.split(':').at(-1)));
});

test('two starts at once make two clusters, which listen on the loopback address only', async () => {
  const clusters = await Promise.all([startManagedBrokers(), startManagedBrokers()]);
  const nodes = clusters.flatMap((cluster) => cluster.nodes);
  expect(new Set(nodes.map(({ port }) => port)).size).toBe(6);
  for (const node of nodes) {
    const addresses = listeningAddresses(node.pid);
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => !loopbackForms.includes(address))).toEqual([]);
    if (node.role === 'broker') await knowsBoth(node.port);
  }
  for (const cluster of clusters) {
    const folder = clusterFolder(cluster.nodes);
    expect(existsSync(folder)).toBe(true);
    await Promise.all([cluster.stop(), cluster.stop()]);
    expect(cluster.nodes.every(isGone)).toBe(true);
    expect(existsSync(folder)).toBe(false);
  }
});

test('a killed broker restarts on its port with its data, and the other one serves meanwhile', async () => {
  const lines: string[] = [];
  await withBrokers(
    async (brokers) => {
      const admin = await Admin.connect(brokers.connection, { timeoutMs });
      await admin.createTopic({ topic: 't', partitions: 4, replicationFactor: 2 });
      const [first, second] = brokers.nodes;
      if (first === undefined || second === undefined) throw new Error('no two nodes');
      await brokers.kill(first.nodeId);
      expect(isGone(first)).toBe(true);
      expect(lines).toEqual([]);
      await eventually('every leader is on the other broker', async () => {
        const topic = await admin.topic('t');
        return topic?.partitions.every(({ leader }) => leader === second.nodeId) === true;
      });
      await brokers.restart(first.nodeId);
      await knowsBoth(first.port);
      expect((await admin.topic('t'))?.partitions.length).toBe(4);
      await admin.close();

      brokers.pause(second.nodeId);
      await eventually('it is paused', () => readFileSync(`/proc/${second.pid}/stat`, 'utf8').includes(' T '));
      brokers.resume(second.nodeId);
      await knowsBoth(second.port);

      process.kill(second.pid, 'SIGKILL');
      await eventually('the unexpected end is reported', () => lines.length > 0);
      expect(lines).toEqual([`broker 2 exited unexpectedly (signal SIGKILL); see ${second.logFile}`]);
    },
    { log: (line) => void lines.push(line) },
  );
});

test.each([
  { mode: 'wait', end: 'kill -9' },
  { mode: 'exit', end: 'process.exit' },
  { mode: 'throw', end: 'an uncaught exception' },
])('no process and no folder outlives ours after $end', async ({ mode, end }) => {
  const parent = spawnForTest(process.execPath, [keeper, mode]);
  const exited = once(parent, 'exit');
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const nodes = JSON.parse(line.toString()) as readonly ManagedNode[];
  expect(nodes.length).toBe(3);
  if (end === 'kill -9') parent.kill('SIGKILL');
  await exited;
  await eventually('every process is gone', () => nodes.every(isGone));
  if (end === 'kill -9') await removeLeftovers();
  expect(existsSync(clusterFolder(nodes))).toBe(false);
});

test('an interrupted start leaves no process and no folder', async () => {
  const controller = new AbortController();
  const reason = new ClusterError('interrupted', 'interrupted');
  const starting = startManagedBrokers({ signal: controller.signal });
  const refused = expect(starting).rejects.toBe(reason);
  await eventually('a process has started', () => processesWith(`-${process.pid}-`).length > 0);
  controller.abort(reason);
  await refused;
  expect(processesWith(`-${process.pid}-`)).toEqual([]);
});

/** Below the system's own range for clients, where connections of other tests come and go. */
async function freePortAfterFreeOne(): Promise<number> {
  for (;;) {
    const [port = 0] = await findPorts(1);
    if (await isPortFree(port - 1)) return port;
  }
}

test('a port in use is an error before any process starts', async () => {
  const port = await freePortAfterFreeOne();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await expect(startManagedBrokers({ firstPort: port })).rejects.toThrow(`port ${port} is in use (--port)`);
  await expect(startManagedBrokers({ firstPort: port - 1 })).rejects.toThrow(
    `port ${port} is in use (--port ${port - 1} needs 3 consecutive ports)`,
  );
  server.close();
});
