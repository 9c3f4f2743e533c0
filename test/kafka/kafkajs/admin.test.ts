import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ClusterError } from '../../../src/errors.ts';
import { Admin } from '../../../src/kafka/kafkajs/admin.ts';
import { kafkajsConfig } from '../../../src/kafka/kafkajs/config.ts';
import { settingsWorked } from '../../../src/kafka/kafkajs/worked-settings.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function errorOf(
  bootstrapServers: string,
  properties: Readonly<Record<string, string>> = {},
): Promise<ClusterError> {
  try {
    await (await Admin.connect({ bootstrapServers, source: 'external', properties }, { timeoutMs: 700 })).close();
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error('connected');
}

test('no server', async () => {
  const server = createServer();
  const address = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  const error = await errorOf(address);
  expect(error.code).toBe('brokerUnavailable');
  expect(error.message).toBe(`no broker responded at ${address} within 700 ms (--bootstrap-server)`);
  expect(error.hint).toContain('connection refused');
});

test('a silent server', async () => {
  const address = await listen(createServer(() => undefined));
  const error = await errorOf(address);
  expect(error.message).toBe(`no broker responded at ${address} within 700 ms (--bootstrap-server)`);
});

test('a silent server at an IPv6 address', async () => {
  const sources: (string | undefined)[] = [];
  const server = createServer((socket) => sources.push(socket.remoteAddress));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  const { port } = server.address() as AddressInfo;
  const error = await errorOf(`PLAINTEXT://[::1]:${port}/,`);
  expect(error.hint).toContain('no response in time');
  expect(sources).toContain('::1');
});

test('a server that closes the connection', async () => {
  const address = await listen(createServer((socket) => socket.end()));
  expect((await errorOf(address)).message).toBe(`${address} closes the connection without a response`);
});

test.each([
  ['without a response', (socket: Socket) => socket.end(), 'closes the connection without a response'],
  [
    'after its first response',
    (socket: Socket) => socket.once('data', (request) => socket.end(apiVersions(request))),
    'closes the connection; it probably requires SASL authentication',
  ],
])(
  'nothing is guessed about a server that cuts connections %s once the settings have worked',
  async (_, cut, guess) => {
    const address = await listen(createServer(cut));
    expect((await errorOf(address)).message).toBe(`${address} ${guess}`);
    settingsWorked({ bootstrapServers: address, properties: {} });
    const error = await errorOf(address);
    expect(error.message).toBe(`no broker responded at ${address} within 700 ms (--bootstrap-server)`);
    expect(error.hint).toContain(`${address}: connection closed;`);
  },
);

/** A response to ApiVersions without any version. */
function apiVersions(request: Buffer): Buffer {
  const response = Buffer.alloc(14);
  response.writeInt32BE(10, 0);
  request.copy(response, 4, 8, 12);
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
  expect((await errorOf(address, { 'security.protocol': 'ssl' })).message).toContain(
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
  [
    { 'security.protocol': 'ssl', 'ssl.ca.location': '/no/such/ca.pem' },
    /can't read \/no\/such\/ca\.pem \(ssl\.ca\.location\): ENOENT/,
  ],
])('%j is refused as usage', async (properties, message) => {
  const error = await errorOf('127.0.0.1:1', properties);
  expect(error.code).toBe('usage');
  expect(error.message).toMatch(message);
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
