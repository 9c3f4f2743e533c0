import { spawn } from 'node:child_process';
import { ClusterError } from '../errors.ts';
import { installation } from '../installation.ts';
import { readKafkaInstall, type KafkaInstall } from './kafka-install.ts';
import { kafkaVersionByDefault } from './kafka-version.ts';

// eslint-disable-next-line no-control-regex -- Maven colours its lines even when it writes to a pipe.
const ansi = /\x1b\[\d*m/g;

/**
 * The installation of a version that was requested by name. The set-up checks whether it is
 * complete (0.2 s), and fetches and prepares what is missing. The set-up runs before this program
 * is built, so this program calls it by its command line. The single file contains one version.
 * @param options.log - receives the progress, one line per step
 * @throws ClusterError environment when the version can't be installed; the signal's reason
 */
export async function ensureKafka(
  version: string,
  options: { readonly log: (line: string) => void; readonly signal: AbortSignal | undefined },
): Promise<KafkaInstall> {
  const { setupFile } = installation;
  if (setupFile === undefined) return containedKafka(version);
  const child = spawn(process.execPath, [setupFile, '--kafka', version], { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  options.signal?.addEventListener('abort', stop);
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    // The set-up reports a step when it begins: fetching takes 20 s.
    for (const [, step] of text.matchAll(/setup: (.+) …/g)) options.log(`setting up: ${step}`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  if (code === 0) return readKafkaInstall(version);
  const lines = output.split('\n').map((line) => line.replaceAll(ansi, ''));
  throw new ClusterError('environment', `Apache Kafka ${version} could not be installed: ${reasonOf(lines)}`, {
    hint: hintOf(lines) ?? `run node setup/main.js --kafka ${version} to see the whole output`,
  });
}

function containedKafka(version: string): KafkaInstall {
  if (version === kafkaVersionByDefault) return readKafkaInstall(version);
  throw new ClusterError(
    'usage',
    `--kafka-version: the single file contains only Apache Kafka ${kafkaVersionByDefault}`,
    {
      hint: 'run the program from a clone to install other versions, or pass --bootstrap-server HOST:PORT',
    },
  );
}

/** Maven's first error line, otherwise the set-up's message. */
function reasonOf(lines: readonly string[]): string {
  const maven = lines.map((line) => /\[ERROR\] (.*\S)/.exec(line)?.[1]).find((text) => text !== undefined);
  const step = lines.map((line) => /not done: (.*)/.exec(line)?.[1]).find((text) => text !== undefined);
  return (
    maven?.replace(/^Failed to execute goal on project \S+: /, '') ?? step ?? lines.at(-1) ?? 'no reason was printed'
  );
}

function hintOf(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => line.startsWith('hint: '))?.slice('hint: '.length);
}
