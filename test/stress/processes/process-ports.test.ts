import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { portsOf, tcpPorts } from '../../../src/stress/processes/process-ports.ts';

test('finds the port of a connection of a process, and no port of another', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const port = socket.localPort ?? -1;
    expect(portsOf(process.pid)(port)).toBe(true);
    expect(portsOf(process.ppid)(port)).toBe(false);
    // No process has this number: Linux allows less than 2^22.
    expect(tcpPorts(2 ** 30).size).toBe(0);
  } finally {
    socket.destroy();
    server.close();
  }
});
