import type { Connection } from '../config/connection.ts';
import { WordcountError } from '../errors.ts';
import { BrokerNode } from './broker-node.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import type { KafkaInstall } from './kafka-install.ts';
import type { ManagedBrokers, ManagedNode } from './managed-brokers.ts';
import { clusterIdOf, newKafkaId, nodeFiles, prepareNode } from './node-files.ts';
import type { NodeSpec } from './node-spec.ts';
import { loopbackConnection, waitBrokerReady, waitGroupsReady, waitPortOpen } from './readiness.ts';

const startMsMax = 60_000;
/** An orderly stop, for data that is kept. Thrown-away data needs none. */
const stopMsMax = 15_000;

/** The processes of the managed brokers, and the one place that starts and ends them. */
export class ManagedCluster implements ManagedBrokers {
  readonly connection: Connection;
  readonly version: string;
  readonly #install: KafkaInstall;
  readonly #folder: ClusterFolder;
  readonly #nodes: readonly BrokerNode[];
  readonly #log: (line: string) => void;
  #stopped: Promise<void> | undefined;

  /** @param options.specs - brokers first, the controller last */
  constructor(
    install: KafkaInstall,
    options: {
      readonly specs: readonly NodeSpec[];
      readonly folder: ClusterFolder;
      readonly log: (line: string) => void;
    },
  ) {
    this.#install = install;
    this.#folder = options.folder;
    this.#log = options.log;
    this.version = install.version;
    this.#nodes = options.specs.map((spec) => this.#createNode(spec));
    this.connection = loopbackConnection(this.#brokers());
    process.on('exit', this.#endNow);
  }

  get nodes(): readonly ManagedNode[] {
    return this.#nodes.map(({ spec, pid, files }) => ({ ...spec, pid, logFile: files.log }));
  }

  /** To be called once. After a failure, `failed` puts away what there is. */
  async start(signal: AbortSignal | undefined): Promise<void> {
    await this.#prepare();
    // The controller first: the brokers register with it.
    for (const node of [...this.#nodes].reverse()) await node.start();
    await this.#whileAlive(this.#nodes, signal, async (ended) => {
      const expected = this.#brokers();
      const wait = { expected, timeoutMs: startMsMax, signal: ended };
      await Promise.all(expected.map((broker) => waitBrokerReady(broker, wait)));
      await waitGroupsReady(this.connection, startMsMax);
    });
  }

  /** Ends everything after a failed start. @returns the error to throw, which names the logs that were kept */
  async failed(error: unknown): Promise<unknown> {
    await Promise.all(this.#nodes.map((node) => node.kill()));
    const interrupted = error instanceof WordcountError && error.code === 'interrupted';
    const logs = interrupted ? undefined : await this.#folder.keepLogs();
    await this.stop();
    if (logs === undefined) return error;
    return new WordcountError('environment', startFailure(error), {
      cause: error,
      hint: `the logs of the brokers: ${logs}`,
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async kill(nodeId: number): Promise<void> {
    await this.#node(nodeId).kill();
  }

  async restart(nodeId: number): Promise<void> {
    const node = this.#node(nodeId);
    await node.kill();
    await node.start();
    await this.#whileAlive([node], undefined, async (signal) => {
      const wait = { expected: [node.spec], timeoutMs: startMsMax, signal };
      await (node.spec.role === 'broker' ? waitBrokerReady(node.spec, wait) : waitPortOpen(node.spec.port, wait));
    });
  }

  pause(nodeId: number): void {
    this.#node(nodeId).signal('SIGSTOP');
  }

  resume(nodeId: number): void {
    this.#node(nodeId).signal('SIGCONT');
  }

  /** @returns the last lines of every log, for an error or a look at the reason of a failure */
  async logTail(): Promise<string> {
    return (await Promise.all(this.#nodes.map((node) => node.logTail()))).join('\n');
  }

  async #prepare(): Promise<void> {
    const controller = this.#nodes.find(({ spec }) => spec.role === 'controller');
    if (controller === undefined) throw new Error('no controller among the nodes');
    const clusterId = (await clusterIdOf(controller.files)) ?? newKafkaId();
    for (const { spec, files } of this.#nodes) {
      await prepareNode(this.#install, { node: spec, controller: controller.spec, files, clusterId });
    }
  }

  /** Runs a wait that ends at once when one of the nodes dies or the signal fires, and then fails with that reason. */
  async #whileAlive(
    nodes: readonly BrokerNode[],
    signal: AbortSignal | undefined,
    action: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]);
    const death = nodes.map(async (node) => {
      const how = await node.ended();
      throw new Error(`${node.name} died while starting (${how}):\n${await node.logTail()}`);
    });
    const aborted = new Promise<never>((_, reject) => {
      const fail = (): void => {
        reject(either.reason as Error);
      };
      if (either.aborted) fail();
      else either.addEventListener('abort', fail);
    });
    const work = action(either);
    try {
      await Promise.race([work, aborted, ...death]);
    } finally {
      over.abort(new Error('over'));
      for (const promise of [work, aborted, ...death]) promise.catch(() => undefined);
    }
  }

  async #stop(): Promise<void> {
    if (this.#folder.kept) {
      const [brokers, controllers] = [this.#ofRole('broker'), this.#ofRole('controller')];
      await Promise.all(brokers.map((node) => node.stop(stopMsMax)));
      await Promise.all(controllers.map((node) => node.stop(stopMsMax)));
    } else {
      await Promise.all(this.#nodes.map((node) => node.kill()));
    }
    process.off('exit', this.#endNow);
    await this.#folder.close();
  }

  /** For the end of this process by process.exit or an uncaught exception, where nothing can be awaited. */
  readonly #endNow = (): void => {
    for (const node of this.#nodes) node.killNow();
    this.#folder.closeNow();
  };

  #createNode(spec: NodeSpec): BrokerNode {
    const node: BrokerNode = new BrokerNode(this.#install, {
      spec,
      files: nodeFiles(this.#folder.path, spec),
      onDeath: (how) => {
        this.#log(`${node.name} ended by itself (${how}); its log: ${node.files.log}`);
      },
    });
    return node;
  }

  #brokers(): readonly NodeSpec[] {
    return this.#ofRole('broker').map(({ spec }) => spec);
  }

  #ofRole(role: NodeSpec['role']): readonly BrokerNode[] {
    return this.#nodes.filter(({ spec }) => spec.role === role);
  }

  #node(nodeId: number): BrokerNode {
    const node = this.#nodes.find(({ spec }) => spec.nodeId === nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId} among the managed brokers`);
    return node;
  }
}

function startFailure(error: unknown): string {
  if (error instanceof WordcountError && error.code === 'brokerUnavailable') {
    return `the brokers run, but did not answer within ${startMsMax / 1_000} s`;
  }
  return error instanceof Error ? error.message : String(error);
}
