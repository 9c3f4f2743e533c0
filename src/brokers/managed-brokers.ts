import type { Connection } from '../config/connection.ts';
import type { BrokerSettings } from './broker-settings.ts';
import type { NodeSpec } from './node-spec.ts';

export interface ManagedNode extends NodeSpec {
  /** Process id; changes with each restart. */
  readonly pid: number;
  readonly logFile: string;
}

/**
 * Apache Kafka brokers and a separate controller, on 127.0.0.1. They can't outlive this
 * process.
 */
export interface ManagedBrokers {
  readonly connection: Connection;
  /** Version of Apache Kafka, such as "4.3.1". */
  readonly version: string;
  /** Settings that the user changed. */
  readonly settings: BrokerSettings;
  /** The folder of their data and logs. */
  readonly folder: string;
  /**
   * Aborted, with a ClusterError as its reason, when they cannot continue: no disk space, or no
   * broker left.
   */
  readonly failed: AbortSignal;
  readonly nodes: readonly ManagedNode[];
  /** Ends all processes and removes the data unless it is to be kept. May be called twice. */
  stop(): Promise<void>;
  /** Sends SIGKILL; resolves when the process is gone. */
  kill(nodeId: number): Promise<void>;
  /**
   * Starts the node again on its port and data; kills it first if it runs. Resolves when it serves
   * again.
   * @param signal - ends the wait; the node starts nevertheless
   */
  restart(nodeId: number, signal?: AbortSignal): Promise<void>;
  /** Pauses the process (SIGSTOP); its connections stay open. */
  pause(nodeId: number): void;
  resume(nodeId: number): void;
}
