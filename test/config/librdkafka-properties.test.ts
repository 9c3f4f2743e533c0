import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  decidedProperties,
  propertyAliases,
  propertyRules,
  unsupportedReason,
} from '../../src/config/librdkafka-properties.ts';

/**
 * The client's own list of its properties is the oracle: an upgrade that changes one fails here.
 */
const documentation = readFileSync(
  'node_modules/@confluentinc/kafka-javascript/deps/librdkafka/CONFIGURATION.md',
  'utf8',
);

const documented = documentation
  .split('\n')
  .filter((line) => line.split('|').length >= 6 && !line.startsWith('Property') && !line.startsWith('---'))
  .map((line) => {
    const [name = '', scope = '', range = ''] = line.split('|').map((cell) => cell.trim());
    return { name, scope, range, alias: /Alias for `([^`]+)`/.exec(line)?.[1], line };
  });

/**
 * Ours on purpose: narrower than the client's, since produce must lose and double nothing, and the
 * second client can do less.
 */
const narrowed = new Map([
  ['acks', 'all|-1'],
  ['enable.idempotence', 'true'],
  ['client.dns.lookup', 'use_all_dns_ips'],
  ['sasl.oauthbearer.grant.type', 'client_credentials'],
  ['sasl.oauthbearer.metadata.authentication.type', 'none'],
]);

test.each([...propertyRules])('%s has the scope and the values that the client documents', (name, rule) => {
  const entry = documented.find((candidate) => candidate.name === name);
  expect(entry?.scope).toBe(rule.scope);
  const { values } = rule;
  const range =
    values.kind === 'text' || values.kind === 'secret'
      ? ''
      : values.kind === 'number'
        ? `${values.min} .. ${values.max}`
        : narrowed.has(name)
          ? narrowed.get(name)
          : values.choices.join(', ');
  // `debug` documents its flags, of which any list will do.
  if (narrowed.has(name)) expect(values).toEqual({ kind: 'choice', choices: narrowed.get(name)?.split('|') });
  else if (name !== 'debug') expect(entry?.range).toBe(range);
});

test('every documented property of the client is known, decided by the program, an alias, or not for users', () => {
  const noSetting =
    /_cb$|^opaque$|^default_topic_conf$|^interceptors$|^builtin\.features$|^enabled_events$|^log\.queue$|^internal\.|^ssl_|^consume\.callback|^msg_order_cmp$|^auto\.commit\.enable$|^offset\.store\.|^oauthbearer_token_refresh_cb$/;
  const missing = documented
    .filter(({ name, line }) => !noSetting.test(name) && !line.includes('DEPRECATED'))
    .map(({ name }) => name)
    .filter((name) => !propertyRules.has(name) && !decidedProperties.has(name) && !propertyAliases.has(name))
    .filter((name) => unsupportedReason(name) === undefined);
  expect(missing).toEqual([]);
});

test('an alias names the same property as the client says', () => {
  for (const [alias, name] of propertyAliases) {
    const said =
      documented.find((entry) => entry.name === alias)?.alias ?? documented.find((entry) => entry.name === name)?.alias;
    expect([alias, name]).toContain(said);
  }
});

test('no property is both settable and decided by the program', () => {
  expect([...propertyRules.keys()].filter((name) => decidedProperties.has(name) || propertyAliases.has(name))).toEqual(
    [],
  );
});
