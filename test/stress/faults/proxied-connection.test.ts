import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findPorts } from '../../../src/brokers/free-ports.ts';
import { BrokerProxy } from '../../../src/stress/faults/broker-proxy.ts';

const clientId = 'g-0-run';

/**
 * The header of a request as the proxy reads it: size, API key and version, correlation id, client
 * id.
 */
function request(): Buffer {
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + clientId.length, 0);
  header.writeInt16BE(clientId.length, 12);
  return Buffer.concat([header, Buffer.from(clientId)]);
}

test('a client that disconnects in the middle of a response leaves no connection open', async () => {
  const answer = Buffer.alloc(16 * 2 ** 20);
  const atBroker: Socket[] = [];
  const broker = createServer((socket) => {
    atBroker.push(socket);
    socket.on('error', () => undefined).once('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  onTestFinished(() => void broker.close());
  const [listenPort = 0] = await findPorts(1);
  const { port: brokerPort } = broker.address() as AddressInfo;
  const proxy = await BrokerProxy.start([{ nodeId: 1, listenPort, brokerPort }]);
  onTestFinished(() => proxy.stop());

  const client = connect({ host: '127.0.0.1', port: listenPort });
  client.write(request());
  await once(client, 'data');
  client.pause();
  client.end();
  onTestFinished(() => void client.destroy());
  await expect.poll(() => atBroker.map(({ closed }) => closed), { timeout: 30_000 }).toEqual([true]);
  // The proxy's own sockets may close one turn of the event loop later.
  await expect.poll(() => proxy.connectionsOf(clientId), { timeout: 30_000 }).toBe(0);
});
