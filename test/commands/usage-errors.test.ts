import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { expect, test, vi } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import { allCommands, loadedProgram } from './command-line.ts';

/** Command lines that are wrong, by what is wrong with them. */
const wrong: Readonly<Record<string, readonly string[]>> = {
  'words that are not known': ['count', 'bench --fast', 'brokers restart', 'compare', 'report a b', 'counts --topic'],
  'missing options': [
    'produce',
    'counts',
    'counts --from-changelog',
    'run --durable',
    'verify',
    'verify --topic t',
    'verify --changelog',
  ],
  'values that are not allowed': [
    'produce -t t --num-records many',
    'produce -t t --partitions 0',
    'produce -t t --key value',
    'produce -t t --compression brotli',
    'produce -t t --non-ascii 2',
    'produce -t t --timeout soon',
    'produce -t t --brokers docker',
    'produce -t t --kafka-version 2.8',
    'produce -t t --json=',
    'counts -t t --group-protocol share',
    'counts -t t --assignment-strategy sticky',
    'counts -t t --tokenizer latin',
    'counts -t t --on-truncation skip',
    'counts -t t --memory-mib 1',
    'counts -t t --format xml',
    'sweep fetch.min.bytes=1,many',
    'sweep fetch.min.bytes=1',
    'sweep fetch.min.bytes',
    'sweep nonsense=1,2',
    'sweep sasl.password=a,b',
    'sweep group.id=a,b',
    'sweep linger.ms=1,2',
    'sweep',
    'sweep --members 1,2 --group-protocol consumer --assignment-strategy range',
    'latency --p99-ms 5',
    'latency --rate 1m --duration 30m',
    'rebalance --members 2',
    'ab main',
    'ab main,HEAD --lane latency',
    'ab main,HEAD --topic t --num-records 5',
    'ab main,HEAD --work-us 5',
    'bench --topic=',
    'bench --members 1,many',
    'bench --lane swim',
    'bench --lane latency --duration 5ms',
    'bench --until-precision much',
    'bench --lane latency --find-capacity --p99-ms 0',
    'bench --ab main',
    'compare a.json b.json --alpha 2',
    'stress --faults flood',
    'stress --protocol eager',
    'stress --mode chaos',
    'stress --self-test --mutants none',
    'brokers --port 70000',
    'brokers status --timeout 0',
  ],
  'options that have no effect': [
    'produce -t t --seed 1 --input LICENSE',
    'produce -t t --brokers mock --kafka-version 4.0 --broker-property a=b',
    'produce -t t -b localhost:9092 --broker-jvm-option=-Xmx1g',
    'produce -t t -b localhost:9092 --brokers mock',
    'counts -t t --group-protocol consumer --assignment-strategy range --session-timeout 10s',
    'counts -t t --duration 10s',
    'counts -t t --group-instance-id web',
    'counts -t t --follow --deadline 10s',
    'counts --from-changelog --group g --members 3 --follow --durable',
    'counts --from-changelog --group g --tokenizer ascii --duration 5s',
    'verify --changelog --group g --counts words.tsv',
    'verify -t t --counts words.tsv --group g --changelog-topic c',
    'bench --topic t --partitions 8 --num-records 1m',
    'bench --topic t --lane latency',
    'bench --lane latency --num-records 1m',
    'bench --rate 100',
    'bench --duration 10s',
    'bench --lane latency --p99-ms 5',
    'bench --lane drain --work-us 5',
    'bench --lane rebalance --members 2 --warm-up 0',
    'bench --max-time 5m',
    'bench --commit-interval 5s',
    'bench --durable --lane drain,latency',
    'bench --durable --brokers mock',
    'bench --ab main,HEAD --durable',
    'bench --svg owners.svg',
    'bench --alpha 1%',
    'bench --ab main,HEAD --html a.html --warm-up 2',
    'bench --ab main,HEAD --lane latency',
    'run --topic t --retain-mib 5',
    'run --brokers mock --retain-mib 5',
    'run --no-history --event-log events.ndjson',
    'run --group g --commit-interval 2s',
    'run --durable --group g --no-history --retain-mib 5',
    'run --group-protocol consumer --session-timeout 10s',
    'stress --self-test --faults crash --duration 20s',
    'stress --mutants commits-ahead',
    'stress --replay stress-history/a.ndjson --seed 4 --rate 100',
    'stress --soak --runs 7',
    'stress --duration 11m --runs 7',
    'stress --protocol consumer --session-timeout 10s',
    'compare a.json b.json --accept --window 7',
    'report a.json --history history.ndjson',
  ],
  'options that are mutually exclusive': [
    'produce -t t --input LICENSE --vocabulary 5 --record-bytes 5',
    'stress --faults crash --scenario zombie',
    'run --event-log a.ndjson --history b.ndjson',
    'stress --brokers mock --partitions 8',
    'stress --brokers mock --faults broker-kill,crash,offsets-reset',
    'stress -b localhost:9092 --faults cut-one',
    'stress --processes 2 -b localhost:9092 --faults process-kill,coordinator-kill',
    'compare a.json',
    'compare a.json b.json --history history.ndjson',
  ],
  'limits of several options together': [
    'bench --lane latency --rate 1m --duration 30m',
    'bench --replication-factor 5',
    'latency --replication-factor 5',
    'rebalance --replication-factor 5',
    'sweep fetch.min.bytes=1,5 --replication-factor 5',
    'produce -t t --replication-factor 3',
    'produce -t t --replication-factor 3 --brokers mock',
  ],
};

/** Output of the program before it ends with exit code 2. */
async function refusalOf(line: string): Promise<string> {
  const program = await loadedProgram();
  let written = '';
  for (const [, command] of allCommands(program.command)) {
    command.configureOutput({
      writeErr: (text) => {
        written += text;
      },
    });
  }
  const words = line.split(' ');
  try {
    await program.run(words);
  } catch (error) {
    if (error instanceof CommanderError) return written;
    if (error instanceof ClusterError && error.code === 'usage') {
      return `error: ${error.message}\n${error.hint === undefined ? '' : `hint: ${error.hint}\n`}`;
    }
    throw error;
  }
  throw new Error(`'${line}' is not refused`);
}

test('every usage error is one line and at most one hint, and no broker is started for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  vi.stubEnv('TMPDIR', folder);
  const sections: string[] = [];
  for (const [kind, lines] of Object.entries(wrong)) {
    const refusals: string[] = [];
    for (const line of lines) {
      const refusal = await refusalOf(line);
      expect(refusal, line).toMatch(/^error: \S.*\n(hint: \S.*\n)?$/);
      refusals.push(`$ consumer-cluster ${line}\n${refusal}`);
    }
    sections.push(`# ${kind}\n\n${refusals.join('\n')}`);
  }
  vi.unstubAllEnvs();
  // Brokers, and the search for background brokers, have a folder there.
  expect(readdirSync(folder)).toEqual([]);
  expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
  await expect(sections.join('\n\n')).toMatchFileSnapshot('__snapshots__/usage-errors.txt');
});
