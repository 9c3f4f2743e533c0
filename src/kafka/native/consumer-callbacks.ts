import { propertiesFor, protectProperties } from '../../config/client-properties.ts';
import type { Connection } from '../../config/connection.ts';
import { clientCode, clientError, configurationError } from './client-errors.ts';
import { writeClientLog } from './client-log.ts';
import type { BatchConsumerOptions, CommitResult } from './consumer-options.ts';
import {
  nativeClient,
  type NativeConsumer,
  type NativeError,
  type NativePartition,
  type NativeProperties,
} from './native-client.ts';

/**
 * Creates the native consumer, not connected yet, with its callbacks wired to the options.
 * @param isOpen - whether callbacks should still be delivered
 * @param required - properties that the connection's own do not override
 * @throws ClusterError usage when the client rejects a property; environment when it is not built
 */
export function createConsumer(
  options: BatchConsumerOptions,
  isOpen: () => boolean,
  required: NativeProperties = {},
): NativeConsumer {
  const { connection, onError } = options;
  const { KafkaConsumer } = nativeClient();
  protectProperties(connection.properties);
  const properties = {
    // One operation of the client for each batch of records instead of one for each record.
    'fetch.batches': true,
    ...options.properties,
    ...propertiesFor('consumer', connection.properties),
    ...required,
    'bootstrap.servers': connection.bootstrapServers,
    'group.id': options.groupId,
    'client.id': options.clientId,
  };
  let native: NativeConsumer;
  try {
    native = new KafkaConsumer(properties, null);
  } catch (error) {
    throw configurationError(error);
  }
  native.configureCallbacks(true, {
    global: {
      rebalance_cb: (code, partitions, lost) => {
        if (isOpen()) rebalanced(options, { code, partitions, lost });
      },
      offset_commit_cb: (code, partitions) => {
        options.onCommit?.(commitResult(connection, code ?? 0, partitions));
      },
    },
    event: {
      event_cb: (type, data) => {
        if (type === 'log') writeClientLog(connection, data);
        // A fatal error is also returned with the records, where it ends the member.
        if (type !== 'error' || !isOpen() || (data as NativeError).isFatal === true) return;
        onError(clientError(data as NativeError, { connection, what: 'consumer' }));
      },
    },
  });
  return native;
}

interface NativeRebalance {
  readonly code: number;
  readonly partitions: readonly NativePartition[];
  readonly lost: boolean;
}

function rebalanced(options: BatchConsumerOptions, { code, partitions, lost }: NativeRebalance): void {
  if (code !== clientCode.assignPartitions && code !== clientCode.revokePartitions) {
    const native = { code, message: 'the rebalance failed' };
    options.onError(clientError(native, { connection: options.connection, what: 'rebalance' }));
  }
  options.onRebalance({
    type: code === clientCode.assignPartitions ? 'assign' : 'revoke',
    lost,
    partitions: partitions.map(({ partition }) => partition),
  });
}

/** @param code - of the whole commit; when it is 0, single partitions may still have failed */
export function commitResult(
  connection: Connection,
  code: number,
  partitions: readonly NativePartition[],
): CommitResult {
  const failed = code === 0 ? (partitions.find(({ error }) => error !== undefined)?.error ?? 0) : code;
  const native = { code: failed, message: 'the offset commit failed' };
  return {
    error: failed === 0 ? undefined : clientError(native, { connection, what: 'commit' }),
    positions: partitions.map(({ partition, offset }) => ({ partition, offset: offset ?? -1 })),
  };
}
