import { readFile } from 'node:fs/promises';
import { ClusterError } from '../errors.ts';
import { sleep } from '../time/sleep.ts';
import { brokerEnvironment } from './broker-environment.ts';
import { javaCommand } from './java-command.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { NodeFiles } from './node-files.ts';
import type { NodeSpec } from './node-spec.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

/** One process of the managed brokers. It may end and be restarted on the same port and data. */
export class BrokerNode {
  readonly spec: NodeSpec;
  readonly files: NodeFiles;
  readonly #install: KafkaInstall;
  readonly #folder: string;
  readonly #jvmOptions: readonly string[];
  readonly #onDeath: (how: string) => void;
  #process: TiedProcess | undefined;
  #starting: Promise<void> | undefined;
  #closed = false;
  /** True while the process is being ended on purpose. */
  #ending = false;

  /**
   * @param options.folder - folder of the whole cluster
   * @param options.onDeath - called when the process ends unexpectedly
   */
  constructor(
    install: KafkaInstall,
    options: {
      readonly spec: NodeSpec;
      readonly files: NodeFiles;
      readonly folder: string;
      readonly jvmOptions: readonly string[];
      readonly onDeath: (how: string) => void;
    },
  ) {
    this.#install = install;
    this.#folder = options.folder;
    this.#jvmOptions = options.jvmOptions;
    this.spec = options.spec;
    this.files = options.files;
    this.#onDeath = options.onDeath;
  }

  /** Display name, such as "broker 1". */
  get name(): string {
    return `${this.spec.role} ${this.spec.nodeId}`;
  }

  /** Process id of the current or last process; 0 before the first. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get running(): boolean {
    return this.#process?.isRunning() === true;
  }

  /**
   * Starts the process. Resolves when it runs, long before it serves.
   * @throws ClusterError environment when the node is closed
   */
  start(): Promise<void> {
    if (this.#closed) throw new ClusterError('environment', `${this.name} can't start: the brokers have stopped`);
    this.#ending = false;
    this.#starting = this.#spawn();
    return this.#starting;
  }

  async #spawn(): Promise<void> {
    const command = javaCommand(this.#install, this.spec, this.files, this.#jvmOptions);
    const started = await spawnTied(command, this.files.log, { folder: this.#folder, env: brokerEnvironment() });
    this.#process = started;
    void started.ended.then((how) => {
      if (!this.#ending) this.#onDeath(how);
    });
  }

  /** Resolves when the process ends, for any reason, with how it ended ("exit code 1"). */
  async ended(): Promise<string> {
    return (await this.#process?.ended) ?? 'never started';
  }

  /** Kills the process without waiting, for an exit handler. */
  killNow(): void {
    this.#ending = true;
    this.#process?.signal('SIGKILL');
  }

  async kill(): Promise<void> {
    this.#ending = true;
    await this.#starting?.catch(() => undefined);
    this.killNow();
    await this.#process?.ended;
  }

  /** Kills the process, and rejects every later start. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  /** Asks the process to end, and kills it when it has not ended within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#ending = true;
    this.#process?.signal('SIGCONT');
    this.#process?.signal('SIGTERM');
    await Promise.race([this.#process?.ended, sleep(graceMs, undefined, { ref: false })]);
    await this.kill();
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.signal(name);
  }

  /** @returns the text of the log; empty when there is no log yet */
  async logText(): Promise<string> {
    return readFile(this.files.log, 'utf8').catch(() => '');
  }
}
