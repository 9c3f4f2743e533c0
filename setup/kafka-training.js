import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, tied } from './command.js';
import { logConfigFile } from './kafka-files.js';

const startMsMax = 60_000;
const stopMsMax = 60_000;

/**
 * Starts one small broker, once, and keeps what makes every later start fast: the JVM's archive of loaded classes (it halves the
 * time and the CPU of a start), and the bootstrap metadata that Kafka's own format tool writes (the same bytes for
 * every cluster of this version, so a later start copies them instead of running the tool for a second a process).
 * @param {{ java: string, classPath: readonly string[], folder: string }} options - `folder` receives both files
 * @returns {Promise<{ bootstrapCheckpoint: string, classArchive?: string }>}
 */
export async function trainKafka({ java, classPath, folder }) {
  const places = join(folder, 'training');
  rmSync(places, { recursive: true, force: true });
  mkdirSync(places);
  // A new name each time: what a killed set-up left running would write to the old one.
  const home = mkdtempSync(join(places, 'home-'));
  const config = join(home, 'server.properties');
  writeFileSync(config, await serverProperties(home));
  const classPathText = classPath.join(':');
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAQACAAAAAAAAAAA', '-c', config];
  await runCommand(java, ['-cp', classPathText, ...format], { timeoutMs: startMsMax });
  const bootstrapCheckpoint = join(folder, 'bootstrap.checkpoint');
  copyFileSync(join(home, 'data', 'bootstrap.checkpoint'), bootstrapCheckpoint);

  const archive = join(folder, 'classes.jsa');
  rmSync(archive, { force: true });
  // The same flags as src/brokers/java-command.ts: an archive made under another collector is of less use.
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xlog:cds=off', `-XX:ArchiveClassesAtExit=${archive}`];
  const log = join(home, 'server.log');
  const logging = [`-Dlog4j2.configurationFile=${logConfigFile}`, `-Dconsumer-cluster.log=${log}`];
  await runServer(java, [...flags, ...logging, '-cp', classPathText, 'kafka.Kafka', config], log);
  rmSync(places, { recursive: true, force: true });
  // Some Java builds come without the base archive that this one needs: then brokers start without, more slowly.
  return { bootstrapCheckpoint, ...(existsSync(archive) ? { classArchive: archive } : {}) };
}

/** Runs the server until it says that it started, then asks it to stop: the archive is written on an orderly exit. */
async function runServer(java, args, log) {
  const output = openSync(log, 'a');
  const [program, ...rest] = tied([java, ...args]);
  const child = spawn(program, rest, { stdio: ['ignore', output, output] });
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

async function serverProperties(home) {
  const [broker, controller] = [await freePort(), await freePort()];
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${join(home, 'data')}
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
