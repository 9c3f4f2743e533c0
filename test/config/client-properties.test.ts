import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertiesFor, readClientProperties } from '../../src/config/client-properties.ts';
import { parsePropertiesFile, renderPropertiesFile } from '../../src/config/properties-file.ts';
import { folder, problemOf, read } from '../support/read-properties.ts';

test('comments, continuations, separators and escapes of the .properties format', async () => {
  const text = [
    '# a comment = with a sign',
    '  ! another',
    '',
    'client.id = a\\',
    '    b c',
    'client.rack:r\\u00e4ck',
    'debug   broker,topic',
    'sasl.password=two\\\\ \\=\\:\\#',
    'linger.ms=7',
  ].join('\r\n');
  expect(await read(text)).toEqual({
    'client.id': 'ab c',
    'client.rack': 'räck',
    debug: 'broker,topic',
    'sasl.password': 'two\\ =:#',
    'linger.ms': '7',
  });
});

/** Writes a pair as java.util.Properties.store does; Java wrote 400 pairs in the same way. */
function storedByJava(name: string, value: string): string {
  const escape = (text: string): string =>
    text.replace(/[\\=:#!\t\n]|[^ -~]/g, (unit) => {
      if (unit === '\t') return '\\t';
      if (unit === '\n') return '\\n';
      if (/[\\=:#!]/.test(unit)) return `\\${unit}`;
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
    });
  return `#Tue Nov 24 21:43:59 UTC 2026\n${escape(name).replaceAll(' ', '\\ ')}=${escape(value).replace(/^ /, '\\ ')}\n`;
}

test('reads properties that Java has written', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '.', '=', ':', ' ', '#', '!', '\\', 'ä', '€'),
    minLength: 1,
  });
  const value = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', '\\', '=', ':', '#', 'ß', '漢', '\u{1f600}') });
  fc.assert(
    fc.property(name, value, (expectedName, expectedValue) => {
      const entries = parsePropertiesFile(storedByJava(expectedName, expectedValue));
      expect(entries).toEqual([{ type: 'property', line: 2, name: expectedName, value: expectedValue }]);
    }),
  );
});

test('the command line overrides the file, also by an alias of the property', async () => {
  const properties = await read(
    'queue.buffering.max.ms=1\nclient.id=file',
    'linger.ms=5',
    'client.id=first',
    'client.id=last',
  );
  expect(properties).toEqual({ 'linger.ms': '5', 'client.id': 'last' });
});

test("Java's security settings become librdkafka's where they mean the same", async () => {
  const text = [
    'security.protocol=SASL_SSL',
    'sasl.mechanism=SCRAM-SHA-512',
    'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\',
    '  username="alice" \\',
    '  password="s3\\\\"cret; = x";',
    'ssl.truststore.type=PEM',
    'ssl.truststore.location=/etc/ca.pem',
    'ssl.keystore.type=PEM',
    'ssl.keystore.location=/etc/me.pem',
    'ssl.endpoint.identification.algorithm=',
    'fetch.max.wait.ms=9',
  ].join('\n');
  expect(await read(text)).toEqual({
    'security.protocol': 'sasl_ssl',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'alice',
    'sasl.password': 's3"cret; = x',
    'ssl.ca.location': '/etc/ca.pem',
    'ssl.key.location': '/etc/me.pem',
    'ssl.certificate.location': '/etc/me.pem',
    'ssl.endpoint.identification.algorithm': 'none',
    'fetch.wait.max.ms': '9',
  });
});

test('properties of any text reach a child process through its file unchanged', () => {
  const value = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '\n', '\r', '\f', '\\', '=', ':', '#', '!', 'ß', '漢'),
    minLength: 1,
  });
  fc.assert(
    fc.property(value, (secret) => {
      const entries = parsePropertiesFile(renderPropertiesFile({ 'ssl.key.pem': secret, other: 'x' }));
      expect(entries.map((entry) => entry.type === 'property' && entry.value)).toEqual([secret, 'x']);
    }),
  );
});

test.each([
  ['linger.ms=5\n\nnonsense.name=1', /client\.properties line 3 \(--command-config\): unknown property nonsense\.name/],
  ['justaword', /line 1 \(--command-config\): not NAME=VALUE/],
  ['ssl.truststore.location=/a/trust.jks', /line 1.*ssl\.truststore\.location.*PEM/],
  ['ssl.keystore.location=/a/key.jks', /line 1.*ssl\.keystore\.location.*PKCS12/],
  ['key.serializer=org.apache.kafka.common.serialization.StringSerializer', /line 1.*key\.serializer.*Java/],
  ['buffer.memory=1', /queue\.buffering\.max\.kbytes/],
  ['sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required;', /PlainLoginModule/],
  ['linger.ms=-1', /linger\.ms must be a number from 0 to 900000/],
  ['linger.ms=five', /linger\.ms must be a number/],
  ['acks=1', /acks must be all or -1/],
  ['security.protocol=tls', /security\.protocol must be plaintext or ssl/],
  ['ssl.ca.location=', /not NAME=VALUE|is empty/],
])('%j is refused', async (text, message) => {
  const problem = await problemOf(text);
  expect(problem.code).toBe('usage');
  expect(problem.message).toMatch(message);
});

test.each([
  ['group.id=g', 'group.id is set by the program', 'counts, run and verify have --group'],
  ['isolation.level=x', 'isolation.level is set by the program: only committed records are counted', undefined],
  ['fetch.min.bytes=many', 'fetch.min.bytes must be a number from 0 to 2147483647', undefined],
  ['acks=1', 'acks must be all or -1', undefined],
  [
    'fetch.minimum=1',
    'unknown property fetch.minimum',
    "use the property names of librdkafka; Kafka's Java names are accepted when they mean the same",
  ],
])('the hint for %j fits what is wrong', async (entry, message, hint) => {
  expect(await problemOf('', entry)).toMatchObject({ message: `--command-property: ${message}`, hint });
});

test('reports every problem, the first one in the message', async () => {
  const problem = await problemOf('a.b=1\nc.d=2', 'linger.ms=x');
  expect(problem.message).toMatch(/line 1.*a\.b \(and 2 more\)$/);
  expect(problem.hint).toMatch(/line 2.*c\.d.*--command-property: linger\.ms/);
});

test('a file that cannot be read is reported with its flag', async () => {
  const file = join(folder, 'none');
  await expect(readClientProperties({ file, entries: [] })).rejects.toMatchObject({
    code: 'input',
    message: `can't read ${file} (--command-config): no such file or directory`,
  });
});

test('no value ever appears in an error', async () => {
  const secret = 'hunter2hunter2';
  const lines = [
    `sasl.password ${secret}\nnonsense=${secret}`,
    `linger.ms=${secret}`,
    `security.protocol=${secret}`,
    `sasl.jaas.config=x required password="${secret}";`,
    `ssl.truststore.password=${secret}`,
    `ssl.keystore.location=/${secret}.jks`,
    `sasl.passwort=${secret}`,
    `Pa$$-${secret}=`,
  ];
  for (const line of lines) {
    const problem = await problemOf(line, `=${secret}`, `linger.ms=${secret}`);
    expect(`${problem.message} ${problem.hint ?? ''} ${problem.stack ?? ''}`).not.toContain(secret);
  }
});

test('a client gets its own properties and the common ones', () => {
  const all = { 'linger.ms': '1', 'fetch.min.bytes': '1', 'client.id': 'x' };
  expect(propertiesFor('producer', all)).toEqual({ 'linger.ms': '1', 'client.id': 'x' });
  expect(propertiesFor('consumer', all)).toEqual({ 'fetch.min.bytes': '1', 'client.id': 'x' });
});
