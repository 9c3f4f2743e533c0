import { expect, test } from 'vitest';
import { findPorts } from '../../src/brokers/free-ports.ts';
import type { NodeSpec } from '../../src/brokers/node-spec.ts';
import { waitGroupsReady, waitReady } from '../../src/brokers/readiness.ts';
import { expectAbortable, neverMs } from '../support/silent-server.ts';

test('an abort ends the wait for a broker that does not respond, and its connections', async () => {
  await expectAbortable(({ bootstrapServers }, signal) => {
    const node: NodeSpec = { nodeId: 1, role: 'broker', port: Number(bootstrapServers.split(':').at(-1)) };
    return waitReady(node, { expected: [node], timeoutMs: neverMs, signal });
  });
});

test('an abort ends the wait for the first group, and its connections', async () => {
  await expectAbortable((connection, signal) => waitGroupsReady(connection, { timeoutMs: neverMs, signal }));
});

test('an abort ends the wait for a port, with its reason', async () => {
  const [port] = await findPorts(1);
  const signal = AbortSignal.timeout(50);
  const node: NodeSpec = { nodeId: 1, role: 'controller', port: port ?? 0 };
  await expect(waitReady(node, { expected: [], timeoutMs: neverMs, signal })).rejects.toThrow('due to timeout');
});
