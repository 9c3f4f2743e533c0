import { expect, test } from 'vitest';
import { formatServer, parseBootstrapServers } from '../../src/config/bootstrap-servers.ts';

test.each([
  ['127.0.0.1:9092', '127.0.0.1:9092'],
  ['a:1,b:2', 'a:1,b:2'],
  [' a:1 , b:2 ', 'a:1,b:2'],
  ['a:1,', 'a:1'],
  [',,a:1,,b:2,', 'a:1,b:2'],
  ['somewhere', 'somewhere:9092'],
  ['PLAINTEXT://a:1,plaintext://b', 'a:1,b:9092'],
  ['PLAINTEXT://a:1/', 'a:1'],
  ['PLAINTEXT://a:1/path', 'a:1'],
  ['[::1]:19092', '[::1]:19092'],
  ['[::1]', '[::1]:9092'],
  ['::1', '[::1]:9092'],
  ['PLAINTEXT://[fe80::1%eth0]:1', '[fe80::1%eth0]:1'],
  ['under_score.example:1', 'under_score.example:1'],
])('%j names %s', (text, expected) => {
  expect(parseBootstrapServers(text).map(formatServer).join()).toBe(expected);
});

test('a protocol in the list must be the security.protocol of the connection', () => {
  expect(parseBootstrapServers('SASL_SSL://a:1', 'sasl_ssl')).toEqual([{ host: 'a', port: 1 }]);
  expect(() => parseBootstrapServers('SSL://a:1', 'plaintext')).toThrow(
    "'SSL://a:1' contradicts security.protocol plaintext (--bootstrap-server)",
  );
  expect(() => parseBootstrapServers('http://a:1')).toThrow(/contradicts security.protocol plaintext/);
});

test.each([
  '',
  ',',
  ' ',
  'host:port',
  'a b:1',
  ':9092',
  'a:0',
  'a:70000',
  'a:1:2',
  'user@host:9092',
  '[a]:1',
  '[::1]x',
  '://a:1',
])('%j is not HOST:PORT', (text) => {
  expect(() => parseBootstrapServers(text)).toThrow(/is not HOST:PORT \(--bootstrap-server\)$/);
});
