import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, tied } from './command.js';
import { brokerEnvironment } from './java.js';
import { logConfigFile } from './kafka-files.js';

const startMsMax = 60_000;
const stopMsMax = 60_000;

/**
 * Starts one small broker, once, and keeps what makes every later start fast. The JVM's archive of
 * loaded classes halves the time and the CPU of a start. The bootstrap metadata that Kafka's format
 * tool writes is the same for every cluster of this version, so a later start copies it instead of
 * running the tool for a second per process. Both programs run in a folder with a link to Kafka's
 * files, as brokers do later: relative paths are the same everywhere, and contain no character at
 * which Java or Kafka would split a path.
 * @param {{ java: string, jars: readonly string[], folder: string }} options - `folder` contains
 *   jars/ and receives both files
 * @returns {Promise<{ bootstrapCheckpoint: string, bootstrapPlace: string, classArchive?: string
 *   }>} names of files in `folder`; bootstrapPlace is the path of the checkpoint in a controller's
 *   data folder
 */
export async function trainKafka({ java, jars, folder }) {
  const places = join(folder, 'training');
  rmSync(places, { recursive: true, force: true });
  mkdirSync(places);
  // A new name each time: a process that a killed set-up has left could still write to the old one.
  const home = mkdtempSync(join(places, 'home-'));
  symlinkSync(folder, join(home, 'kafka'));
  copyFileSync(logConfigFile, join(home, 'log4j2.properties'));
  writeFileSync(join(home, 'server.properties'), await serverProperties());
  const classPath = jars.map((jar) => `kafka/jars/${jar}`).join(':');
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAQACAAAAAAAAAAA', '-c', 'server.properties'];
  const place = { cwd: home, onlyEnv: brokerEnvironment(), timeoutMs: startMsMax };
  await runCommand(java, [...logFlags, '-cp', classPath, ...format], place);
  const [bootstrapCheckpoint, classArchive] = ['bootstrap.checkpoint', 'classes.jsa'];
  const bootstrapPlace = bootstrapPlaces.find((place) => existsSync(join(home, 'data', place)));
  if (bootstrapPlace === undefined)
    throw new Error('the format tool of this Kafka version does not write a bootstrap checkpoint');
  copyFileSync(join(home, 'data', bootstrapPlace), join(folder, bootstrapCheckpoint));

  rmSync(join(folder, classArchive), { force: true });
  // The same flags as in src/brokers/java-command.ts: an archive made under another collector is
  // less useful.
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xlog:cds=off'];
  const archive = `-XX:ArchiveClassesAtExit=kafka/${classArchive}`;
  await runServer(java, [...flags, archive, ...logFlags, '-cp', classPath, 'kafka.Kafka', 'server.properties'], home);
  // Some Java builds lack the base archive that this one needs. Brokers then start without it, more
  // slowly.
  const archived = existsSync(join(folder, classArchive));
  rmSync(places, { recursive: true, force: true });
  return { bootstrapCheckpoint, bootstrapPlace, ...(archived ? { classArchive } : {}) };
}

/** Since Kafka 4.4 the checkpoint is the first snapshot of the metadata log. */
const bootstrapPlaces = ['bootstrap.checkpoint', '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint'];

const logFile = 'server.log';
const logFlags = ['-Dlog4j2.configurationFile=log4j2.properties', `-Dconsumer-cluster.log=${logFile}`];

/**
 * Runs the server until it reports that it has started, then asks it to stop: the archive is
 * written on an orderly exit.
 */
async function runServer(java, args, home) {
  const log = join(home, logFile);
  const output = openSync(log, 'a');
  const [program, ...rest] = tied([java, ...args]);
  const child = spawn(program, rest, { cwd: home, env: brokerEnvironment(), stdio: ['ignore', output, output] });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  let alive = true;
  void exited.then(() => (alive = false));
  const killIt = () => child.kill('SIGKILL');
  process.on('exit', killIt);
  try {
    const deadlineMs = performance.now() + startMsMax;
    while (!readFileSync(log, 'utf8').includes('Kafka Server started')) {
      if (!alive || performance.now() > deadlineMs) {
        throw new Error(`Kafka did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
      }
      await sleep(50);
    }
    child.kill('SIGTERM');
    await Promise.race([exited, sleep(stopMsMax, undefined, { ref: false })]);
  } finally {
    killIt();
    process.off('exit', killIt);
  }
}

async function serverProperties() {
  const [broker, controller] = [await freePort(), await freePort()];
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=data
offsets.topic.replication.factor=1
`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
