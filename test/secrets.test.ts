import { expect, test } from 'vitest';
import { protectProperties } from '../src/config/client-properties.ts';
import { fromErrorReport, toErrorReport, ClusterError } from '../src/errors.ts';
import { protectSecret, withoutSecrets } from '../src/secrets.ts';
import { recordedSettings, shownArguments } from '../src/commands/recorded-settings.ts';

const password = 'hunter2 "quoted"\\';

test('replaces a secret in every form in which programs write it', () => {
  protectSecret(password);
  for (const form of [
    password,
    JSON.stringify({ password }),
    `https://x/?p=${encodeURIComponent(password)}`,
    `Basic ${Buffer.from(password).toString('base64')}`,
  ]) {
    const clean = withoutSecrets(`before ${form} after`);
    expect(clean).toContain('***');
    expect(clean).toMatch(/^before .* after$/);
    expect(clean).not.toContain('hunter2');
    expect(clean).not.toContain(Buffer.from('hunter2').toString('base64').slice(0, 8));
  }
});

test('every line of a PEM text is a secret, except for its frame', () => {
  const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj';
  protectSecret(`-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`);
  expect(withoutSecrets(`failed at ${line}.`)).toBe('failed at ***.');
  expect(withoutSecrets('-----BEGIN PRIVATE KEY----- expected')).toBe('-----BEGIN PRIVATE KEY----- expected');
});

test('replaces a short secret only where it is a word', () => {
  protectSecret('a');
  protectSecret('$1');
  expect(withoutSecrets("user 'a' at a broker costs $1")).toBe("user '***' at *** broker costs ***");
});

test('protects secret client properties, but not paths and names', () => {
  protectProperties({
    'sasl.password': 'topsecret',
    'ssl.key.location': '/etc/my-key.pem',
    'made.up': 'perhaps-secret',
  });
  expect(withoutSecrets('topsecret /etc/my-key.pem perhaps-secret')).toBe('*** /etc/my-key.pem ***');
});

test('no error contains a secret, nor does its report to another thread', () => {
  protectSecret('seesaw99');
  const cause = new Error('the library says seesaw99');
  const error = new ClusterError('input', 'refused: seesaw99', { hint: 'not seesaw99', cause });
  expect(error.message).toBe('refused: ***');
  expect(
    JSON.stringify([toErrorReport(error), toErrorReport(cause), fromErrorReport(toErrorReport(error)).hint]),
  ).not.toContain('seesaw99');
});

const entries = [
  'sasl.password=x1',
  'linger.ms=5',
  'sasl.mechanisms=PLAIN',
  'sasl.jaas.config=m required p="x1";',
  'typo=x1',
  'x1',
];
const shown = ['sasl.password=***', 'linger.ms=5', 'sasl.mechanisms=PLAIN', 'sasl.jaas.config=***', 'typo=***', '***'];

test('a file contains only the names of secret properties', () => {
  const options = { brokers: 'managed', timeout: 1, commandProperty: entries } as const;
  expect(recordedSettings(options)).toEqual({ ...options, commandProperty: shown });
});

test('the list of processes contains only the names of secret properties', () => {
  const argv = ['node', 'cli.js', 'run', ...entries.flatMap((entry) => ['-X', entry])];
  expect(shownArguments(argv)).toEqual(['node', 'cli.js', 'run', ...shown.flatMap((entry) => ['-X', entry])]);
  expect(shownArguments(['-Xsasl.password=x1', '--command-property=ssl.key.pem=x1', '--topic=x1'])).toEqual([
    '-X=sasl.password=***',
    '--command-property=ssl.key.pem=***',
    '--topic=x1',
  ]);
});
