import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureKafka } from '../../src/brokers/ensure-kafka.ts';
import { parseKafkaVersion } from '../../src/brokers/kafka-version.ts';
import { benchReport } from '../../src/results/schema.ts';
import { runCli, startCli, untilOutput } from '../support/spawned.ts';

/**
 * A path with all that Java, Kafka and log4j split at, or read in another encoding than it was
 * written in.
 */
const folder = mkdtempSync(join(tmpdir(), 'plätze: a,b %d $x-'));
/**
 * What breaks or changes Kafka when it reaches it: the first locale is one under which Kafka cannot
 * read its settings.
 */
const hostile = {
  LC_ALL: 'C',
  LANG: 'tr_TR.UTF-8',
  JAVA_TOOL_OPTIONS: '-Duser.language=tr -Duser.country=TR -Xmx1m',
  _JAVA_OPTIONS: '-XX:+UseMagicGC',
  JDK_JAVA_OPTIONS: '-XX:+UseMagicGC',
  KAFKA_OPTS: '-XX:+UseMagicGC',
  KAFKA_HEAP_OPTS: '-Xmx1m',
};
const env = { ...process.env, ...hostile, TMPDIR: join(folder, 'tmp') };
mkdirSync(env.TMPDIR);
const version = parseKafkaVersion('3.9');

test(
  'brokers of another version, with settings of the user, in folders and an environment that Java cannot bear',
  { timeout: 360_000 },
  async () => {
    // `setup/main.js --tests` has fetched it. Fetching would run Maven, which obeys Java's variables,
    // as it must for a user's proxy.
    await ensureKafka(version, { log: () => undefined, signal: undefined });
    const data = join(folder, 'däta');
    const changes = ['--broker-property', 'num.io.threads=3', '--broker-jvm-option=-Dlab.name=ä b'];
    const keeper = startCli(['brokers', '--data', data, '--kafka-version', '3.9', ...changes], { env });
    await untilOutput(keeper.child.stdout, /^bootstrap servers: /m);
    for (const name of ['broker-1', 'broker-2', 'controller-3']) {
      expect(existsSync(join(data, name, '__cluster_metadata-0'))).toBe(true);
      expect(readFileSync(join(data, 'logs', `${name}.log`), 'utf8')).not.toContain('Picked up');
    }

    const flags = ['--members', '1,2', '--repetitions', '1', '--warm-up', '0', '--num-records', '20000'];
    const same = ['--kafka-version', '3.9', ...changes];
    const bench = await runCli(['bench', ...flags, ...same, '--lane', 'drain', '--json', '-'], { env });
    expect(bench).toMatchObject({ code: 0 });
    const { environment, verdict } = benchReport.parse(JSON.parse(bench.stdout));
    expect(verdict.verified).toBe(true);
    expect(environment.kafka).toEqual({
      version,
      properties: { 'num.io.threads': '3' },
      jvmOptions: ['-Dlab.name=ä b'],
    });
    // Of the brokers that the controller lists then.
    expect(Object.values(environment.brokerSettings)[0]?.['num.io.threads']).toBe('3');

    const refused = await runCli(['bench', ...flags, '--group-protocol', 'consumer'], { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^error: Apache Kafka 3\.9\.\d+ does not support the consumer group protocol \(KIP-848\)\nhint: .*\n$/,
    );

    keeper.child.kill('SIGINT');
    expect((await keeper.outcome).code).toBe(0);
  },
);

test('stress leaves out a protocol that this version of Kafka lacks, and rejects it by name', async () => {
  const refused = await runCli(['stress', '--kafka-version', '3.9', '--protocol', 'consumer']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('do not support groups of protocol consumer (KIP-848)');
});

test.each([
  ['--bootstrap-server', '127.0.0.1:1'],
  ['--brokers', 'mock'],
])('what concerns started brokers is refused with %s', async (flag, value) => {
  const args = ['counts', '--topic', 't', flag, value, '--kafka-version', '4.0', '--broker-property', 'a=b'];
  const refused = await runCli(args);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: --kafka-version and --broker-property have no effect with --b.*: only managed/,
  );
});

test('rejects an unknown version, with the cause and a hint', async () => {
  const refused = await runCli(['produce', '--topic', 't', '--kafka-version', '9.99.9']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error: Apache Kafka 9\.99\.9 could not be installed: .*9\.99\.9.*\nhint: /m);
});
