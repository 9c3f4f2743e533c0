import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { propertyRules } from '../../src/config/librdkafka-properties.ts';
import { kafkajsConfig } from '../../src/kafka/kafkajs/config.ts';
import { KafkajsSockets } from '../../src/kafka/kafkajs/sockets.ts';

type Properties = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), 'both-clients-'));
const file = join(folder, 'file.pem');
writeFileSync(file, 'a PEM text');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sasl: Properties = {
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanism': 'PLAIN',
  'sasl.username': 'u',
  'sasl.password': 'p',
};
const oidc: Properties = {
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanism': 'OAUTHBEARER',
  'sasl.oauthbearer.method': 'oidc',
  'sasl.oauthbearer.client.id': 'id',
  'sasl.oauthbearer.client.secret': 'secret',
};
const ssl: Properties = { 'security.protocol': 'ssl' };
const unsecured: Properties = {
  ...oidc,
  'sasl.oauthbearer.method': 'default',
  'enable.sasl.oauthbearer.unsecure.jwt': 'true',
};

/**
 * Properties that both clients must apply: a value that changes the configuration, and what else is
 * set.
 */
const configured: Readonly<Record<string, readonly [value: string, others: Properties]>> = {
  'security.protocol': ['ssl', {}],
  'ssl.cipher.suites': ['ECDHE-RSA-AES256-GCM-SHA384', ssl],
  'ssl.curves.list': ['P-384', ssl],
  'ssl.sigalgs.list': ['RSA-PSS+SHA256', ssl],
  'ssl.key.location': [file, ssl],
  'ssl.key.password': ['p', ssl],
  'ssl.key.pem': ['a key', ssl],
  'ssl.certificate.location': [file, ssl],
  'ssl.certificate.pem': ['a certificate', ssl],
  'ssl.ca.location': [file, ssl],
  'ssl.ca.pem': ['a certificate', ssl],
  'ssl.crl.location': [file, ssl],
  'ssl.keystore.location': [file, ssl],
  'ssl.keystore.password': ['p', { ...ssl, 'ssl.keystore.location': file }],
  'enable.ssl.certificate.verification': ['false', ssl],
  'ssl.endpoint.identification.algorithm': ['none', ssl],
  'sasl.mechanism': ['SCRAM-SHA-256', sasl],
  'sasl.username': ['other', sasl],
  'sasl.password': ['other', sasl],
};

/** They decide about the token that is asked for; see the tests below. */
const ofTheToken = [
  ...['method', 'config', 'client.id', 'client.secret', 'scope', 'extensions', 'token.endpoint.url'].map(
    (name) => `sasl.oauthbearer.${name}`,
  ),
  'enable.sasl.oauthbearer.unsecure.jwt',
  'https.ca.location',
  'https.ca.pem',
];

/**
 * They have one value, or describe what only librdkafka does: sizes, times, logs, and what the
 * token's subject is called.
 */
const noEffectNeeded =
  /^(bootstrap\.servers|client\.(id|rack|dns\.lookup)|.*\.max\.bytes|max\.in\.flight.*|metadata\..*|topic\..*|debug|enable\.(metrics\.push|random\.seed)|socket\..*|broker\.address\.ttl|connections\.max\.idle\.ms|(reconnect|retry)\.backoff.*|api\.version\.request\.timeout\.ms|log.*|sasl\.oauthbearer\.(sub\.claim\.name|grant\.type|metadata\.authentication\.type))$/;

function configOf(properties: Properties): string {
  const connection = { bootstrapServers: '127.0.0.1:9092', source: 'external', properties } as const;
  const config = kafkajsConfig(connection, { clientId: 'test', requestTimeoutMs: 1_000, connectionTimeoutMs: 1_000 });
  return JSON.stringify([config.ssl, config.sasl], (_, value: unknown) =>
    typeof value === 'function' ? 'a function' : value,
  );
}

test('every property of a connection is applied to both clients, or needs no effect on the second', () => {
  const names = [...propertyRules].filter(([, { scope }]) => scope === '*').map(([name]) => name);
  const kinds = names.map((name) => [
    name,
    [name in configured, ofTheToken.includes(name), name === 'broker.address.family', noEffectNeeded.test(name)].filter(
      Boolean,
    ).length,
  ]);
  expect(kinds.filter(([, count]) => count !== 1)).toEqual([]);
});

test.each(Object.entries(configured))('%s is applied to the second client', (name, [value, others]) => {
  expect(configOf({ ...others, [name]: value })).not.toBe(configOf(others));
});

test('a list of cipher suites keeps TLS 1.3 enabled, as in librdkafka', () => {
  expect(configOf({ ...ssl, 'ssl.cipher.suites': 'ECDHE-RSA-AES256-GCM-SHA384' })).toMatch(
    /"ciphers":"TLS_AES_256_GCM_SHA384:.*:ECDHE-RSA-AES256-GCM-SHA384"/,
  );
});

test.each([
  ['any', true],
  ['v4', true],
  ['v6', false],
])('with broker.address.family %s, a name is looked up in IPv4: %s', async (family, inIpv4) => {
  const sockets = new KafkajsSockets({ properties: { 'broker.address.family': family } });
  // kafkajs passes null without TLS, although its types exclude it.
  const socket = sockets.factory({ host: 'localhost', port: 1, ssl: null as never, onConnect: () => undefined });
  socket.on('error', () => undefined);
  const looked = new Set<string>();
  socket.on('lookup', (_error, address) => looked.add(address));
  await new Promise((closed) => socket.once('close', closed));
  expect(looked.has('127.0.0.1')).toBe(inIpv4);
  sockets.destroy();
});

async function tokenAsked(properties: Properties): Promise<{ request: IncomingMessage; body: string; token: unknown }> {
  let asked: { request: IncomingMessage; body: string } | undefined;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked = { request, body };
      response.end(JSON.stringify({ access_token: `token-${body}`, expires_in: 100 }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const token = await tokenOf({ ...properties, 'sasl.oauthbearer.token.endpoint.url': url });
  server.closeAllConnections();
  server.close();
  if (asked === undefined) throw new Error('no token was asked for');
  return { ...asked, token };
}

async function tokenOf(properties: Properties): Promise<unknown> {
  const connection = { bootstrapServers: '127.0.0.1:9092', source: 'external', properties } as const;
  const config = kafkajsConfig(connection, { clientId: 'test', requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000 });
  if (config.sasl === undefined || !('authenticationProvider' in config.sasl)) throw new Error('no OAUTHBEARER');
  let sent = '';
  const authenticator = config.sasl.authenticationProvider({
    ...{ host: '127.0.0.1', port: 9092, logger: null as never },
    saslAuthenticate: async ({ request }) => {
      sent = (await request.encode()).subarray(4).toString();
    },
  });
  await authenticator.authenticate();
  const [prefix, bearer = '', ...pairs] = sent.split('\u0001');
  expect(prefix).toBe('n,,');
  // Two separators end the response.
  expect(pairs.splice(-2)).toEqual(['', '']);
  const value = bearer.replace(/^auth=Bearer /, '');
  const extensions: unknown = Object.fromEntries(pairs.map((pair) => pair.split('=')));
  return { value, extensions };
}

test('requests a token with client id, secret and scope, and sends it with the extensions', async () => {
  const { request, body, token } = await tokenAsked({
    ...oidc,
    'sasl.oauthbearer.scope': 'a b',
    'sasl.oauthbearer.extensions': 'one=1, two=2',
  });
  expect(request.headers.authorization).toBe(`Basic ${Buffer.from('id:secret').toString('base64')}`);
  expect(body).toBe('grant_type=client_credentials&scope=a+b');
  expect(token).toMatchObject({ value: `token-${body}`, extensions: { one: '1', two: '2' } });
});

test('an unsecured token equals that of librdkafka for the same text', async () => {
  const config = 'principal=alice scope=a,b,,a lifeSeconds=60 extension_one=1 scopeClaimName=rights';
  const token = (await tokenOf({ ...unsecured, 'sasl.oauthbearer.config': config })) as { value: string };
  const [header = '', claims = '', signature] = token.value.split('.');
  // The header that librdkafka has as a constant.
  expect([header, signature]).toEqual(['eyJhbGciOiJub25lIn0', '']);
  const { iat, exp, ...others } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
  expect(others).toEqual({ sub: 'alice', rights: ['a', 'b'] });
  expect((exp ?? 0) - (iat ?? 0)).toBeCloseTo(60);
  expect(token).toMatchObject({ extensions: { one: '1' } });
});

test.each([
  [
    { ...oidc, 'sasl.oauthbearer.token.endpoint.url': 'http://127.0.0.1:1/token?key=hidden' },
    /no token from http:\/\/127\.0\.0\.1:1\/token: ECONNREFUSED/,
  ],
  [
    { ...oidc, 'sasl.oauthbearer.token.endpoint.url': 'nonsense' },
    /sasl\.oauthbearer\.token\.endpoint\.url is not a URL/,
  ],
])('a token that cannot be had is one line (%#)', async (properties, message) => {
  await expect(tokenOf(properties)).rejects.toThrow(message);
});
