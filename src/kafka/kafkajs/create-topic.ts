import type { Connection } from '../../config/connection.ts';
import { ClusterError, toErrorReport } from '../../errors.ts';
import { Admin } from './admin.ts';

export interface NewTopic {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  /** Undefined for 2, or 1 where there is one broker. */
  readonly replicationFactor: number | undefined;
  /** The topic's own settings. */
  readonly config?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Partitions of a topic that a client creates on the mock cluster, which accepts no other number. */
export const mockPartitions = 4;

/** Creates a topic that must not exist, and resolves when its partitions have leaders. */
export async function createTopic(options: NewTopic): Promise<void> {
  const { connection, topic, partitions, timeoutMs } = options;
  if (connection.source === 'mock') {
    // It has no request to create topics: they come into being when the first record is produced.
    if (partitions === mockPartitions) return;
    throw new ClusterError(
      'usage',
      `--partitions: topics of the mock cluster have exactly ${mockPartitions} partitions`,
    );
  }
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    const replicationFactor = options.replicationFactor ?? Math.min(2, (await admin.brokers()).length);
    await admin.createTopic({ topic, partitions, replicationFactor, config: options.config ?? {} });
  } finally {
    await admin.close();
  }
}

type NamedTopic = Pick<NewTopic, 'connection' | 'topic' | 'timeoutMs'>;

/** Deletes a topic that was created for one run. */
export async function dropTopic({ connection, topic, timeoutMs }: NamedTopic): Promise<void> {
  if (connection.source === 'mock') return;
  const admin = await Admin.connect(connection, { timeoutMs });
  try {
    await admin.deleteTopic(topic);
  } finally {
    await admin.close();
  }
}

/**
 * Deletes a topic at the end of its run, where an error must not replace the run's own.
 * @returns a line that says that it is left, and why; undefined when it is gone
 */
export async function discardTopic(named: NamedTopic): Promise<string | undefined> {
  try {
    await dropTopic(named);
    return undefined;
  } catch (error) {
    return `could not delete topic ${named.topic}: ${toErrorReport(error).message}`;
  }
}
