/**
 * Kafka brokers, consumer groups, benchmarks and stress tests as functions. Nothing prints, no
 * function ends the process, and what a function starts ends with its `stop`.
 * @packageDocumentation
 */
export { ClusterError, type ErrorCode } from '../errors.ts';
export { startBrokers, type Brokers, type BrokersOptions, type KafkaProcess } from './start-brokers.ts';
export { startGroup } from './start-group.ts';
export type { Group, GroupOptions, GroupSettings, TopicCounts, WaitLimits } from './group.ts';
export type { GroupEvents } from './group-events.ts';
export type { GroupStatus, MemberStatus, PartitionStatus } from './group-status.ts';
export type { ConnectionOptions } from './used-brokers.ts';
export { produce, type Produced, type ProduceTopicOptions } from './produce.ts';
export type { RecordContents } from './record-source.ts';
export { verifyTopic, type DifferingWord, type TopicVerified, type VerifyTopicOptions } from './verify-topic.ts';
export { bench, type BenchmarkOptions } from './bench.ts';
export type { BenchReport } from '../results/schema.ts';
export type { OwnBrokersOptions } from './own-brokers.ts';
export { stress, type StressedRun, type StressOptions } from './stress.ts';
export type { StressReport } from '../results/stress-report.ts';
