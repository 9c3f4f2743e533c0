import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { BrokerNode } from './broker-node.ts';
import type { BrokerSettings } from './broker-settings.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { clusterFailure } from './cluster-failure.ts';
import { causeIn, isDiskFull } from './failure-cause.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { ManagedBrokers, ManagedNode } from './managed-brokers.ts';
import { endWithProcess } from './end-with-process.ts';
import { nodeFiles } from './node-files.ts';
import { prepareNodes } from './prepare-nodes.ts';
import type { NodeSpec } from './node-spec.ts';
import { loopbackConnection, waitGroupsReady, waitReady } from './readiness.ts';

const startMsMax = 60_000;
/** Longest orderly stop, which only data that is kept needs. */
const stopMsMax = 15_000;

const noAnswer = new Error(`the brokers started, but did not respond within ${startMsMax / 1_000} s`);

/** The processes of the managed brokers. Only this class starts and ends them. */
export class ManagedCluster implements ManagedBrokers {
  readonly connection: Connection;
  readonly version: string;
  readonly settings: BrokerSettings;
  readonly #failure = new AbortController();
  readonly #install: KafkaInstall;
  readonly #folder: ClusterFolder;
  readonly #nodes: readonly BrokerNode[];
  readonly #log: (line: string) => void;
  /** For process.exit or an uncaught exception: nothing can be awaited. */
  readonly #letGo = endWithProcess(() => {
    for (const node of this.#nodes) node.killNow();
    this.#folder.closeNow();
  });
  #started = false;
  #stopped: Promise<void> | undefined;

  /** @param options.specs - brokers first, the controller last */
  constructor(
    install: KafkaInstall,
    options: {
      readonly specs: readonly NodeSpec[];
      readonly folder: ClusterFolder;
      readonly settings: BrokerSettings;
      readonly log: (line: string) => void;
    },
  ) {
    this.#install = install;
    this.#folder = options.folder;
    this.settings = options.settings;
    this.#log = options.log;
    this.version = install.version;
    this.#nodes = options.specs.map((spec) => this.#createNode(spec));
    this.connection = loopbackConnection(this.#brokers());
  }

  get folder(): string {
    return this.#folder.path;
  }

  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  get nodes(): readonly ManagedNode[] {
    return this.#nodes.map(({ spec, pid, files }) => ({ ...spec, pid, logFile: files.log }));
  }

  /** Must be called only once. After a failure, call `abandonStart` to clean up. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const { folder, version, settings } = this;
    await prepareNodes(this.#install, { folder, version, settings, nodes: this.#nodes });
    // The controller starts first, because the brokers register with it.
    for (const node of [...this.#nodes].reverse()) await node.start();
    await this.#whileAlive(this.#nodes, signal, async (ended) => {
      const expected = this.#brokers();
      const wait = { expected, timeoutMs: startMsMax, signal: ended };
      await Promise.all(expected.map((broker) => waitReady(broker, wait)));
      await waitGroupsReady(this.connection, wait);
    });
    this.#started = true;
  }

  /**
   * Ends everything after a failed start.
   * @returns the error to throw, which names the kept logs; the signal's reason if that ended it
   */
  async abandonStart(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    await this.#endAll();
    const failure: unknown = signal?.aborted === true ? signal.reason : await this.#failureOf(error);
    await this.stop();
    return failure;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async kill(nodeId: number): Promise<void> {
    await this.#node(nodeId).kill();
  }

  async restart(nodeId: number, signal?: AbortSignal): Promise<void> {
    const node = this.#node(nodeId);
    await node.kill();
    await node.start();
    await this.#whileAlive([node], signal, async (either) => {
      const wait = { expected: [node.spec], timeoutMs: startMsMax, signal: either };
      await waitReady(node.spec, wait);
    });
  }

  pause(nodeId: number): void {
    this.#node(nodeId).signal('SIGSTOP');
  }

  resume(nodeId: number): void {
    this.#node(nodeId).signal('SIGCONT');
  }

  /** @returns the text of every log */
  async logText(): Promise<string> {
    return (await Promise.all(this.#nodes.map((node) => node.logText()))).join('\n');
  }

  /**
   * Runs a wait, whose signal ends with `signal` or when a node dies.
   * @throws ClusterError environment when a node dies, before the wait has ended; as `action` does
   */
  async #whileAlive(
    nodes: readonly BrokerNode[],
    signal: AbortSignal | undefined,
    action: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]);
    const death = nodes.map(async (node) => {
      const how = await node.ended();
      const cause = causeIn(how, await node.logText()) ?? 'its log shows no cause';
      throw new ClusterError('environment', `${node.name} exited during start-up (${how}): ${cause}`, {
        hint: `see ${node.files.log}`,
      });
    });
    const outcomes = [action(either), ...death];
    try {
      await Promise.race(outcomes);
    } finally {
      over.abort(new Error('over'));
      for (const promise of outcomes) promise.catch(() => undefined);
    }
  }

  async #stop(): Promise<void> {
    if (this.#folder.kept) {
      const [brokers, controllers] = [this.#ofRole('broker'), this.#ofRole('controller')];
      await Promise.all(brokers.map((node) => node.stop(stopMsMax)));
      await Promise.all(controllers.map((node) => node.stop(stopMsMax)));
    }
    await this.#endAll();
    this.#letGo();
    await this.#folder.close();
  }

  #createNode(spec: NodeSpec): BrokerNode {
    const node: BrokerNode = new BrokerNode(this.#install, {
      spec,
      files: nodeFiles(this.folder, spec),
      folder: this.folder,
      jvmOptions: this.settings.jvmOptions,
      onDeath: (how) => {
        void this.#judgeDeath(node, how);
      },
    });
    return node;
  }

  /**
   * The loss of one broker is survived, because the other has its records. On a full disk the other
   * will fail soon, too.
   */
  async #judgeDeath(node: BrokerNode, how: string): Promise<void> {
    if (!this.#started || this.#stopped !== undefined || this.failed.aborted) return;
    const log = await node.logText();
    const cause = causeIn(how, log);
    this.#log(
      `${node.name} exited unexpectedly (${how})${cause === undefined ? '' : `: ${cause}`}; see ${node.files.log}`,
    );
    const full = await isDiskFull(this.folder, log);
    if (!full && this.#ofRole('broker').some(({ running }) => running)) return;
    const error = new Error(
      `no broker is running: ${node.name} exited (${how})${cause === undefined ? '' : `: ${cause}`}`,
    );
    await this.#endAll();
    const failure = await this.#failureOf(error);
    this.#failure.abort(failure);
  }

  /**
   * Call after all processes have ended.
   * @returns an error that names the cause and the logs that were kept
   */
  async #failureOf(error: unknown): Promise<ClusterError> {
    const unanswered = error instanceof ClusterError && error.code === 'brokerUnavailable';
    return clusterFailure(unanswered ? noAnswer : error, {
      folder: this.#folder,
      logText: await this.logText(),
    });
  }

  async #endAll(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  #brokers(): readonly NodeSpec[] {
    return this.#ofRole('broker').map(({ spec }) => spec);
  }

  #ofRole(role: NodeSpec['role']): readonly BrokerNode[] {
    return this.#nodes.filter(({ spec }) => spec.role === role);
  }

  #node(nodeId: number): BrokerNode {
    const node = this.#nodes.find(({ spec }) => spec.nodeId === nodeId);
    if (node !== undefined) return node;
    const ids = this.#nodes.map(({ spec }) => spec.nodeId).join(', ');
    throw new ClusterError('usage', `no node ${nodeId} among the managed brokers`, { hint: `pass one of ${ids}` });
  }
}
