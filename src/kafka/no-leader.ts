import { formatNumbers } from '../config/number-ranges.ts';
import { ClusterError } from '../errors.ts';
import { nounFor } from '../numbers.ts';

/** A partition that cannot be read or written until one of its replicas becomes the leader. */
export interface LeaderlessPartition {
  readonly partition: number;
  /** Node ids of the brokers that have a replica. */
  readonly replicas: readonly number[];
}

/** No broker that holds the records responds, so it passes as soon as one does. */
export class NoLeaderError extends ClusterError {}

/** @param partitions - at least one */
export function noLeaderError(topic: string, partitions: readonly LeaderlessPartition[]): NoLeaderError {
  const rising = (numbers: readonly number[]): string => formatNumbers([...new Set(numbers)].sort((a, b) => a - b));
  const which = nounFor(partitions.length, 'partition');
  const numbers = rising(partitions.map(({ partition }) => partition));
  return new NoLeaderError('topicUnavailable', `topic '${topic}': no leader for ${which} ${numbers}`, {
    hint: `start a broker that holds its records: ${rising(partitions.flatMap(({ replicas }) => replicas))}`,
  });
}
