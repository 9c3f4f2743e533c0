import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findPorts, isPortFree, portRange, type PortRange } from '../../src/brokers/free-ports.ts';

test('a port is free until a server listens on it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await isPortFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});

test('finds three different ports outside the range of outgoing connections', async () => {
  const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first = 0, last = 0] = text.trim().split(/\s+/).map(Number);
  // If the kernel draws from nearly all ports, no range outside is large enough.
  const roomOutside = Math.max(first - 1_024, 65_535 - last) >= 1_000;
  for (let round = 0; round < 20; round += 1) {
    const ports = await findPorts(3);
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) expect(!roomOutside || port < first || port > last).toBe(true);
  }
});

test('finds no port that was chosen before', async () => {
  const all = Array.from({ length: 65_536 }, (_, port) => port);
  await expect(findPorts(1, all)).rejects.toThrow('no free ports');
});

test.each<[string, PortRange, PortRange]>([
  ['as Linux is', [32_768, 60_999], [20_000, 31_999]],
  ['outgoing below', [1_024, 19_999], [20_000, 31_999]],
  ['more outgoing', [15_000, 65_535], [1_024, 14_999]],
  ['outgoing to a little below the end', [10_000, 50_000], [50_001, 65_535]],
  ['all outgoing', [1_024, 65_535], [20_000, 31_999]],
])('ports for brokers where the kernel is set: %s', (_, outgoing, expected) => {
  expect(portRange(outgoing)).toEqual(expected);
});
