import { expect, test } from 'vitest';
import { brokerProperties } from '../../src/brokers/broker-properties.ts';
import { parseBrokerSettings, sameBrokerSettings, withoutSecretSettings } from '../../src/brokers/broker-settings.ts';
import { heapMib, javaCommand } from '../../src/brokers/java-command.ts';
import { kafkaVersionByDefault, parseKafkaVersion, traitsOf } from '../../src/brokers/kafka-version.ts';
import type { KafkaInstall } from '../../src/brokers/kafka-install.ts';
import { nodeFiles } from '../../src/brokers/node-files.ts';
import { nodeSpecs } from '../../src/brokers/node-spec.ts';

test('a version is used as given, and a release line means its newest version', () => {
  expect(parseKafkaVersion('4.0.1')).toBe('4.0.1');
  expect(parseKafkaVersion('3.9')).toMatch(/^3\.9\.\d+$/);
  expect(parseKafkaVersion(kafkaVersionByDefault)).toBe(kafkaVersionByDefault);
  // A version that came after this program.
  expect(parseKafkaVersion('5.1.0')).toBe('5.1.0');
});

test.each(['3.8.1', '2.8.2', '4', '4.4.0-rc1', '../4.4.0', ''])(
  'version %j is refused by the name of the flag',
  (text) => {
    expect(() => parseKafkaVersion(text)).toThrow(`--kafka-version: '${text}' is not a version`);
  },
);

test('only brokers from 4.0 on offer the consumer protocol', () => {
  expect(['3.9.2', '4.0.0', '4.4.0', '5.0.0'].map((version) => traitsOf(version).groupProtocols.consumer)).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('parses properties and options; the last of two values wins', () => {
  const settings = parseBrokerSettings({
    brokerProperty: ['num.io.threads=3', 'a.b = c=d, e ', 'num.io.threads=8', 'empty='],
    brokerJvmOption: ['-Xmx1g', '-Dname=a b'],
  });
  expect(settings).toEqual({
    properties: { 'num.io.threads': '8', 'a.b': 'c=d, e', empty: '' },
    jvmOptions: ['-Xmx1g', '-Dname=a b'],
  });
});

test.each([
  ['brokerProperty', 'num.io.threads', "--broker-property: 'num.io.threads' is not NAME=VALUE"],
  ['brokerProperty', 'listeners=PLAINTEXT://:9092', '--broker-property: listeners is set by the program'],
  ['brokerProperty', 'log.dirs=/data', '--broker-property: log.dirs is set by the program'],
  ['brokerProperty', 'node.id=4', '--broker-property: node.id is set by the program'],
  ['brokerJvmOption', 'Xmx1g', "--broker-jvm-option: 'Xmx1g' is not a JVM option"],
  ['brokerJvmOption', '-cp', '--broker-jvm-option: -cp is set by the program'],
  ['brokerJvmOption', '-Djava.io.tmpdir=/x', '--broker-jvm-option: -Djava.io.tmpdir is set by the program'],
])('%s %s is refused', (name, value, message) => {
  expect(() => parseBrokerSettings({ [name]: [value] })).toThrow(message);
});

test('rejects every setting that the program decides, by name', () => {
  const specs = nodeSpecs(
    [1, 2, 3],
    [
      { port: 4, advertisedPort: 5 },
      { port: 6, advertisedPort: 7 },
    ],
  );
  const options = { brokers: 2, dataName: 'd', version: '4.4.0' };
  const marked = Object.fromEntries(
    Object.keys(brokerProperties(specs[0], specs[2], { ...options, properties: {} })).map((name) => [name, 'user']),
  );
  const all = brokerProperties(specs[0], specs[2], { ...options, properties: marked });
  const decided = Object.keys(all).filter((name) => all[name] !== 'user');
  expect(decided.length).toBeGreaterThan(5);
  for (const name of decided) {
    expect(() => parseBrokerSettings({ brokerProperty: [`${name}=user`] })).toThrow(`${name} is set by the program`);
  }
});

test('hides values that may be secret, and still distinguishes different ones', () => {
  const settings = parseBrokerSettings({
    brokerProperty: ['ssl.keystore.password=hunter2', 'num.io.threads=4'],
    brokerJvmOption: ['-Djavax.net.ssl.keyStorePassword=hunter2', '-Xmx1g'],
  });
  const text = JSON.stringify(withoutSecretSettings(settings));
  expect(text).not.toContain('hunter2');
  expect(text).toContain('num.io.threads');
  const other = { ...settings, properties: { ...settings.properties, 'ssl.keystore.password': 'other' } };
  expect(sameBrokerSettings(settings, other)).toBe(false);
  const reversed = Object.fromEntries(Object.entries(settings.properties).reverse());
  expect(sameBrokerSettings(settings, { ...settings, properties: reversed })).toBe(true);
});

const install: KafkaInstall = {
  version: '4.4.0',
  folder: '/wörk, a:b/.cache/kafka',
  java: '/usr/bin/java',
  javaVersion: '17',
  jars: ['a.jar', 'b.jar'],
  classPath: [],
  logConfig: '/wörk, a:b/log4j2.properties',
  bootstrapCheckpoint: 'bootstrap.checkpoint',
  bootstrapPlace: 'bootstrap.checkpoint',
  classArchive: 'classes.jsa',
};

test('starts a broker with relative paths only, whatever the names of the folders', () => {
  const [node] = nodeSpecs([1, 2, 3]);
  const files = nodeFiles('/tmp/dätä: 1,2', node);
  const [, ...args] = javaCommand(install, node, files, []);
  for (const text of args) expect(text).not.toMatch(/[^\x20-\x7e]|[, ]|(^|[=:])\//);
  expect(args).toContain('kafka/jars/a.jar:kafka/jars/b.jar');
});

test("the user's options come last, and another collector replaces ours", () => {
  const [node] = nodeSpecs([1, 2, 3]);
  const args = javaCommand(install, node, nodeFiles('/f', node), ['-XX:+UseG1GC', '-Xmx1g']);
  expect(args.filter((text) => text.endsWith('GC'))).toEqual(['-XX:+UseG1GC']);
  expect(args.filter((text) => text.startsWith('-Xmx')).at(-1)).toBe('-Xmx1g');
});

test.each([
  [512, 128, 64],
  [2_048, 256, 64],
  [4_096, 512, 128],
  [65_536, 512, 128],
])('with %i MiB a broker has a heap of %i MiB, the controller one of %i', (memoryMib, broker, controller) => {
  expect([heapMib('broker', memoryMib), heapMib('controller', memoryMib)]).toEqual([broker, controller]);
});
