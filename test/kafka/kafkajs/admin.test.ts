import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../../src/config/connection.ts';
import { ClusterError } from '../../../src/errors.ts';
import { Admin } from '../../../src/kafka/kafkajs/admin.ts';
import { kafkajsConfig } from '../../../src/kafka/kafkajs/config.ts';
import { kafkajsExports } from '../../../src/kafka/kafkajs/internals.ts';
import { settingsWorked } from '../../../src/kafka/kafkajs/worked-settings.ts';
import { expectAbortable, neverMs, withSilentServer } from '../../support/silent-server.ts';

/** Enough for a response on a busy machine. */
const responseMs = 20_000;
/** Where only the time limit ends the attempts; the first one is to end before it, even after a stall. */
const unanswered = { timeoutMs: 5_000 };
/** A port where nothing listens, and which no test is given. */
const refusing = '127.0.0.1:1';
const servers: Server[] = [];
// The first call loads it, which on a busy machine takes too much of a limit of five seconds.
beforeAll(() => {
  kafkajsExports();
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function errorOf(
  bootstrapServers: string,
  options: Partial<Pick<Connection, 'properties' | 'source'>> & { readonly timeoutMs?: number } = {},
): Promise<ClusterError> {
  const { properties = {}, source = 'external', timeoutMs = responseMs } = options;
  try {
    await (await Admin.connect({ bootstrapServers, source, properties }, { timeoutMs })).close();
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error('connected');
}

test.concurrent('no server', async () => {
  const error = await errorOf(refusing, unanswered);
  expect(error.code).toBe('brokerUnavailable');
  expect(error.message).toBe(`no broker responded at ${refusing} within 5 s (--bootstrap-server)`);
  expect(error.hint).toContain('connection refused');
});

test.concurrent("the error of the program's own brokers names no option", async () => {
  const error = await errorOf(refusing, { source: 'managed', ...unanswered });
  expect(error.message).toBe(`no broker responded at ${refusing} within 5 s`);
  expect(error.hint).toBe(`${refusing}: connection refused`);
});

test.concurrent('a silent server', async () => {
  const address = await listen(createServer(() => undefined));
  const error = await errorOf(address, unanswered);
  expect(error.message).toBe(`no broker responded at ${address} within 5 s (--bootstrap-server)`);
});

test('an abort ends the attempts, their connections and the wait between them', async () => {
  await expectAbortable((connection, signal) => Admin.connect(connection, { timeoutMs: neverMs, signal }));
  const refused = { bootstrapServers: refusing, source: 'external', properties: {} } as const;
  const signal = AbortSignal.timeout(50);
  await expect(Admin.connect(refused, { timeoutMs: neverMs, signal })).rejects.toThrow('due to timeout');
});

test('a signal that was aborted before makes no connection', async () => {
  await withSilentServer(async ({ connection, open }) => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(Admin.connect(connection, { timeoutMs: neverMs, signal })).rejects.toBe(signal.reason);
    expect(open.size).toBe(0);
  });
});

test.concurrent('a silent server at an IPv6 address', async () => {
  const sources: (string | undefined)[] = [];
  const server = createServer((socket) => sources.push(socket.remoteAddress));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  const { port } = server.address() as AddressInfo;
  const error = await errorOf(`PLAINTEXT://[::1]:${port}/,`, unanswered);
  expect(error.hint).toContain('no response in time');
  expect(sources).toContain('::1');
});

test.concurrent('a server that closes the connection', async () => {
  const address = await listen(createServer((socket) => socket.end()));
  expect((await errorOf(address, unanswered)).message).toBe(`${address} closes the connection without a response`);
});

test.concurrent.each([
  ['without a response', (socket: Socket) => socket.end(), 'closes the connection without a response'],
  [
    'after its first response',
    (socket: Socket) => void answerFirst(socket).then(() => socket.end()),
    'closes the connection; it probably requires SASL authentication',
  ],
  [
    'with a reset after its first response',
    (socket: Socket) => void answerFirst(socket).then(() => socket.resetAndDestroy()),
    'closes the connection; it probably requires SASL authentication',
  ],
])(
  'nothing is guessed about a server that cuts connections %s once the settings have worked',
  async (_, cut, guess) => {
    const address = await listen(createServer(cut));
    expect((await errorOf(address, unanswered)).message).toBe(`${address} ${guess}`);
    settingsWorked({ bootstrapServers: address, properties: {} });
    const error = await errorOf(address, unanswered);
    expect(error.message).toBe(`no broker responded at ${address} within 5 s (--bootstrap-server)`);
    expect(error.hint).toContain(`${address}: connection closed;`);
  },
);

/** Responds to ApiVersions, as every listener does. Resolves when the next request arrives. */
async function answerFirst(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  const [request] = (await once(socket, 'data')) as [Buffer];
  socket.write(apiVersions(request));
  await once(socket, 'data');
}

/** Response to ApiVersions version 2: Metadata 0 to 5, and ApiVersions 0 to 2. */
function apiVersions(request: Buffer): Buffer {
  const correlationId = request.readInt32BE(8);
  const apis = [3, 0, 5, 18, 0, 2];
  const response = Buffer.alloc(30);
  response.writeInt32BE(26, 0);
  response.writeInt32BE(correlationId, 4);
  response.writeInt32BE(apis.length / 3, 10);
  for (const [index, value] of apis.entries()) response.writeInt16BE(value, 14 + 2 * index);
  return response;
}

test('a web server', async () => {
  const address = await listen(createHttpServer());
  expect((await errorOf(address)).message).toBe(`${address} is a web server, not a Kafka broker`);
});

test('a server that accepts only TLS and sends an alert', async () => {
  const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x32]);
  const address = await listen(createServer((socket) => socket.once('data', () => socket.end(alert))));
  expect((await errorOf(address)).message).toBe(`${address} accepts TLS only`);
});

test('a server without TLS', async () => {
  const address = await listen(createServer((socket) => socket.once('data', () => socket.end('what?'))));
  expect((await errorOf(address, { properties: { 'security.protocol': 'ssl' } })).message).toContain(
    `TLS handshake with ${address} failed`,
  );
});

test.each(['host:port', 'a b:1', ':9092', 'a:70000', 'user@host:9092'])(
  '%j is not HOST:PORT',
  async (bootstrapServers) => {
    const error = await errorOf(bootstrapServers);
    expect(error.code).toBe('usage');
    expect(error.message).toContain('(--bootstrap-server)');
  },
);

test.each([
  [{ 'security.protocol': 'sasl_ssl', 'sasl.mechanism': 'GSSAPI' }, /GSSAPI is not supported/],
  [{ 'security.protocol': 'sasl_plaintext', 'sasl.mechanism': 'PLAIN', 'sasl.username': 'u' }, /needs sasl\.password/],
])('%j is refused as usage', async (properties, message) => {
  const error = await errorOf('127.0.0.1:1', { properties });
  expect(error.code).toBe('usage');
  expect(error.message).toMatch(message);
});

test("a file of TLS settings that can't be read is named", async () => {
  const properties = { 'security.protocol': 'ssl', 'ssl.ca.location': '/no/such/ca.pem' };
  const error = await errorOf('127.0.0.1:1', { properties });
  expect(error.code).toBe('input');
  expect(error.message).toBe("can't read /no/such/ca.pem (ssl.ca.location): no such file or directory");
});

test('TLS and SASL settings reach kafkajs', () => {
  const config = kafkajsConfig(
    {
      bootstrapServers: 'a:1, b:2',
      source: 'external',
      properties: {
        'security.protocol': 'sasl_ssl',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.username': 'u',
        'sasl.password': 'p',
        'ssl.ca.pem': 'CA',
        'ssl.certificate.pem': 'CERT',
        'ssl.key.pem': 'KEY',
        'ssl.key.password': 'K',
        'enable.ssl.certificate.verification': 'false',
      },
    },
    { clientId: 'x', requestTimeoutMs: 1, connectionTimeoutMs: 2 },
  );
  expect(config).toMatchObject({
    brokers: ['a:1', 'b:2'],
    ssl: { ca: ['CA'], cert: 'CERT', key: 'KEY', passphrase: 'K', rejectUnauthorized: false },
    sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
  });
});
