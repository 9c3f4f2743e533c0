import { propertiesFor } from '../../config/client-properties.ts';
import type { Connection } from '../../config/connection.ts';
import type { ClusterError } from '../../errors.ts';
import type { NativeProperties } from './native-client.ts';

export interface TransactionalProducerOptions {
  readonly connection: Connection;
  readonly clientId: string;
  readonly transactionalId: string;
  /** The coordinator aborts a transaction that takes longer. */
  readonly transactionTimeoutMs: number;
  /** Topic of all records. */
  readonly topic: string;
  /** librdkafka's names; the connection's own properties win over these. */
  readonly properties?: NativeProperties;
  /** Errors that the client recovers from. May be frequent while brokers are down. */
  readonly onError: (error: ClusterError) => void;
}

/** Records fail before the coordinator gives the transaction up. */
const deliveryShare = 0.8;

/**
 * A request that gets no answer is repeated after this time, perhaps to another coordinator. The
 * client's default would be the whole timeout of the transaction.
 */
const requestShare = 0.25;
const requestMsMax = 10_000;

export function transactionProperties(options: TransactionalProducerOptions): NativeProperties {
  const { connection, transactionTimeoutMs } = options;
  return {
    'linger.ms': 5,
    'socket.timeout.ms': Math.min(requestMsMax, Math.round(transactionTimeoutMs * requestShare)),
    ...options.properties,
    ...propertiesFor('producer', connection.properties),
    'bootstrap.servers': connection.bootstrapServers,
    'client.id': options.clientId,
    'transactional.id': options.transactionalId,
    'transaction.timeout.ms': transactionTimeoutMs,
    'message.timeout.ms': Math.round(transactionTimeoutMs * deliveryShare),
    'enable.idempotence': true,
    acks: 'all',
  };
}
