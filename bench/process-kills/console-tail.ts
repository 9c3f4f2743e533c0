import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readKafkaInstall } from '../../src/brokers/kafka-install.ts';
import { tiedCommand } from '../../src/brokers/tied-process.ts';
import { nowMs } from '../../src/time/clock.ts';
import { ChangelogState } from '../../src/stress/processes/changelog-state.ts';
import type { TimedCommit } from './takeovers.ts';

export interface TailOptions {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly partitions: number;
  readonly onCommit: (partition: number, commit: TimedCommit) => void;
}

/** Records carry the time of the wall clock, which no process of this machine has changed. */
// eslint-disable-next-line no-restricted-syntax -- dates in records are compared, not durations
const wallAheadMs = new Date().getTime() - nowMs();

const formats = [
  ...['print.partition=true', 'print.timestamp=true', 'print.key=true'],
  'value.deserializer=org.apache.kafka.common.serialization.LongDeserializer',
];

/**
 * Reads a changelog from its beginning with Kafka's console consumer, under read_committed, and
 * follows it. Not with kafkajs, which delivers aborted records when transactions of several
 * producers were aborted in another order than they began.
 */
export class ConsoleTail {
  readonly states: readonly ChangelogState[];
  readonly #options: TailOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(options: TailOptions) {
    this.#options = options;
    this.states = Array.from({ length: options.partitions }, () => new ChangelogState());
    const { java, classPath } = readKafkaInstall();
    const own = [
      ...[java, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx96m', '-cp', classPath.join(':')],
      ...['org.apache.kafka.tools.consumer.ConsoleConsumer', '--bootstrap-server', options.bootstrapServers],
      ...['--topic', options.topic, '--from-beginning', '--isolation-level', 'read_committed'],
      ...formats.flatMap((format) => ['--formatter-property', format]),
    ] as const;
    const [program, ...args] = tiedCommand(own) ?? own;
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#ended = once(this.#child, 'exit');
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no output of the console consumer');
    createInterface(stdout).on('line', (line) => {
      this.#take(line);
    });
  }

  /** Next offset of each partition according to its last commit; 0 before the first. */
  get nextOffsets(): number[] {
    return this.states.map(({ progress }) => progress.get('nextOffset') ?? 0);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** CreateTime:MILLISECONDS, Partition:NUMBER, key and value, separated by tabs. */
  #take(line: string): void {
    const [time = '', place = '', key = '', value = ''] = line.split('\t');
    const partition = Number(place.replace('Partition:', ''));
    const commit = this.states[partition]?.take(key, Number(value));
    const producedMs = Number(time.replace('CreateTime:', '')) - wallAheadMs;
    if (commit !== undefined) this.#options.onCommit(partition, { ...commit, producedMs });
  }
}
