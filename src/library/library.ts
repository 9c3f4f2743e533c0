/**
 * Kafka brokers, consumer groups, benchmarks and stress tests as functions. Nothing prints, no
 * function ends the process, and what a function starts ends with its `stop`.
 * @packageDocumentation
 */
export { ClusterError, type ErrorCode } from '../errors.ts';
export { startBrokers, type Brokers, type BrokersOptions, type KafkaProcess } from './start-brokers.ts';
