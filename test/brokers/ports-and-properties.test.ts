import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokerProperties, renderProperties } from '../../src/brokers/broker-properties.ts';
import { findFreePorts, isPortFree, portRange, type PortRange } from '../../src/brokers/free-ports.ts';
import { newKafkaId } from '../../src/brokers/node-files.ts';
import { nodeSpecs } from '../../src/brokers/node-spec.ts';

test('a port is free until somebody listens on it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await isPortFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});

test('free ports are three different ones that the kernel gives to no outgoing connection', async () => {
  const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first = 0, last = 0] = text.trim().split(/\s+/).map(Number);
  // Where the kernel draws from nearly all there are, none can be kept from it.
  const roomOutside = Math.max(first - 1_024, 65_535 - last) >= 1_000;
  for (let round = 0; round < 20; round += 1) {
    const ports = await findFreePorts();
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) expect(!roomOutside || port < first || port > last).toBe(true);
  }
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

test('every process listens on the loopback address, and all know the same controller', () => {
  const specs = nodeSpecs([20_001, 20_002, 20_003]);
  for (const node of specs) {
    const properties = brokerProperties(node, specs[2], { data: '/data' });
    expect(properties['listeners']).toMatch(new RegExp(`^[A-Z]+://127\\.0\\.0\\.1:${node.port}$`));
    expect(properties['controller.quorum.voters']).toBe('3@127.0.0.1:20003');
  }
});

test('rendered properties read back as they were', () => {
  const names = fc.stringMatching(/^[a-z.]{1,20}$/);
  // What paths hold. White space at the start and line ends would need more escapes than a path can ask for.
  const values = fc.stringMatching(/^[A-Za-z0-9/\\:=#! -]{0,30}$/).filter((value) => !value.startsWith(' '));
  fc.assert(
    fc.property(fc.dictionary(names, values), (properties) => {
      const lines = renderProperties(properties).split('\n').slice(0, -1);
      const read = lines.map((line) => {
        const [, name = '', value = ''] = /^([a-z.]+)=(.*)$/.exec(line) ?? [];
        return [name, value.replaceAll(/\\(.)/g, '$1')];
      });
      expect(Object.fromEntries(read)).toEqual({ ...properties });
    }),
  );
});

test("ids are Kafka's form of a random UUID", () => {
  const ids = Array.from({ length: 1_000 }, newKafkaId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    const bytes = Buffer.from(id, 'base64url');
    expect([bytes.length, bytes.readUInt8(6) >> 4, bytes.readUInt8(8) >> 6]).toEqual([16, 4, 2]);
    expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
  }
});
