import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadPackage } from '../../setup/npm.js';
import { cacheFolder } from '../../setup/project.js';
import { runCommand } from '../../setup/command.js';
import { minimumRights, withSecuredBroker } from '../support/secured-broker.ts';
import { withStockBroker } from '../support/stock-broker.ts';
import { passed, runRow, projectFolder, type Row } from './row.ts';

/**
 * Runs the commands of one kind of set-up, in order, and hands each row over as soon as it is
 * known.
 */
export type SetUp = (report: (row: Row) => void, signal: AbortSignal) => Promise<void>;

/** The supported versions of Node, and the versions of Kafka that the managed brokers can be. */
const nodeMajors = ['22', '24', '26'];
const kafkaVersions = ['3.9.2', '4.0.2', '4.3.1', '4.4.0'];

const historyFolder = join(cacheFolder, 'compatibility');
const stress = ['stress', '--seed', '5'];
const bench = ['bench', '--members', '1,2,5', '--repetitions', '1', '--num-records', '1m'];

/** Every supported Node, on the managed brokers. */
export const nodeVersions: SetUp = async (report, signal) => {
  for (const major of nodeMajors) {
    const { node, version } = await fetchNode(major);
    report(await runRow(`Node ${version}`, bench, { node, signal }));
    report(await stressRow(`Node ${version}`, [...stress, '--runs', '8', '--duration', '10s'], { node, signal }));
  }
};

/** Every version of Kafka as managed brokers, on this Node. */
export const managedKafkas: SetUp = async (report, signal) => {
  const node = process.execPath;
  for (const version of kafkaVersions) {
    const subject = `Apache Kafka ${version}, managed`;
    const chosen = ['--kafka-version', version];
    report(await runRow(subject, [...bench, ...chosen], { node, signal }));
    const runs = [...stress, '--runs', '4', '--duration', '8s', ...chosen];
    report(await stressRow(subject, runs, { node, signal }));
  }
};

/** Runs a stress test; the histories of one that found something stay in `.cache/compatibility`. */
async function stressRow(
  subject: string,
  args: readonly string[],
  options: { readonly node: string; readonly signal: AbortSignal; readonly shown?: string },
): Promise<Row> {
  await mkdir(historyFolder, { recursive: true });
  const folder = await mkdtemp(join(historyFolder, 'stress-'));
  const row = await runRow(subject, [...args, '--history-dir', folder], { shown: args.join(' '), ...options });
  if (passed(row)) await rm(folder, { recursive: true, force: true });
  return row;
}

/** A cluster with Kafka's own defaults, given nothing but its address. */
export const stockCluster: SetUp = (report, signal) =>
  withStockBroker(({ bootstrapServer }) =>
    everyCommand('stock one-node broker', ['-b', bootstrapServer], '-b HOST:PORT', report, signal),
  );

/** A cluster with TLS, sign-in and ACLs, whose user may do what docs/security.md lists. */
export const securedCluster: SetUp = (report, signal) =>
  withSecuredBroker({ worker: 'compatibility' }, 'compatibility', async (broker) => {
    await broker.allow('worker', minimumRights);
    const config = join(broker.folder, 'client.properties');
    await writeFile(
      config,
      `security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="worker" password="compatibility";
ssl.truststore.type=PEM
ssl.truststore.location=${broker.certificates.ca}
`,
      { mode: 0o600 },
    );
    const args = ['-b', broker.saslSsl, '--command-config', config];
    await everyCommand(
      'SASL_SSL (SCRAM-SHA-512) with ACLs',
      args,
      '-b HOST:PORT --command-config FILE',
      report,
      signal,
    );
  });

async function everyCommand(
  subject: string,
  connection: readonly string[],
  shownConnection: string,
  report: (row: Row) => void,
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'compatibility-'));
  const words = join(folder, 'words.tsv');
  const run = async (command: string, runAs = runRow): Promise<void> => {
    const args = command.split(' ').map((word) => (word === 'words.tsv' ? words : word));
    const shown = `${command} ${shownConnection}`;
    report(await runAs(subject, [...args, ...connection], { node: process.execPath, signal, shown }));
  };
  try {
    await run('produce --topic lab-books --num-records 100k');
    await run('counts --topic lab-books --format tsv --output words.tsv');
    await run('verify --topic lab-books --counts words.tsv');
    await run('bench --members 1,2');
    await run('run --duration 10s');
    await run('stress --runs 4 --duration 8s', stressRow);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** npm has the programs of Node's own releases; the client is built for each of them once. */
async function fetchNode(major: string): Promise<{ readonly node: string; readonly version: string }> {
  let node = process.execPath;
  if (process.versions.node.split('.')[0] !== major) {
    const folder = join(cacheFolder, `compatibility-node-${major}`);
    await rm(folder, { recursive: true, force: true });
    node = join(await downloadPackage(`node-linux-${process.arch}@${major}`, folder), 'bin', 'node');
  }
  await runCommand(node, [join(projectFolder, 'setup', 'main.js')]);
  return { node, version: (await runCommand(node, ['-p', 'process.versions.node'])).trim() };
}
