import { groupProtocols } from './group-protocols.ts';
import type { GroupConfig } from './group.ts';

export type ClientProperties = Readonly<Record<string, string | number | boolean>>;

/**
 * Longest service time of a batch, so that a member responds to its group and its supervisor in
 * between.
 */
const workBatchMsMax = 20;

/** Longest time until a broker responds to a member. */
export const requestMsMax = 10_000;

/**
 * Longest time that a member which releases partitions waits for the response to a commit before it
 * sends the last one.
 */
export const commitAnswerMsMax = 1_000;

/**
 * Longest time that a member of a durable group keeps partitions that it has to release, to finish
 * its transaction, while that makes no progress. It fails afterwards: other processes then end the
 * transaction.
 */
export const durableCommitMsMax = 10_000;

/**
 * The program's settings as librdkafka's properties, all in one table. Their sources are
 * librdkafka's CONFIGURATION.md and the measurements in docs/performance.md. The user's properties
 * override these, except where noted.
 * @param own.queuedKbytesMax - this member's share of the group's memory budget, KiB
 * @param own.groupInstanceId - present for a static member
 */
export function consumerProperties(
  group: GroupConfig,
  own: { readonly queuedKbytesMax: number; readonly groupInstanceId?: string | undefined },
): ClientProperties {
  return {
    // Members seek to their start offsets, so a reset is an error. Both `earliest` and the client's
    // default, `latest`, would silently continue behind deleted records.
    'auto.offset.reset': 'error',
    // The program commits offsets itself, after the table has them.
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    // There may be offsets without a record behind the last record. Only the client knows that it
    // has passed them.
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
    'max.poll.interval.ms': group.maxPollIntervalMs,
    ...groupProtocols[group.groupProtocol].properties(group),
    ...(own.groupInstanceId === undefined ? {} : { 'group.instance.id': own.groupInstanceId }),
    ...fetchProperties(group, own.queuedKbytesMax),
    // With the default of 1000 ms a member is idle most of the time once its queue has been full.
    'fetch.queue.backoff.ms': 1,
    'fetch.error.backoff.ms': 50,
    'fetch.wait.max.ms': 50,
    'topic.metadata.refresh.interval.ms': 5_000,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1_000,
    'socket.nagle.disable': true,
    // A commit without a response delays the next commit, and the end of the client, for this time.
    'socket.timeout.ms': requestMsMax,
  };
}

/**
 * Minimum per partition: a tenth of a second at full speed. More would only fill memory, see below.
 */
const queuedRecordsMin = 100_000;

/**
 * Many small fetches cost more than few large ones, so the budget in bytes should be the limit, not
 * the number of records. But the client keeps about 250 bytes per record in an old message format
 * that it does not count against its budget, and kept them per record of any format before it
 * handed over batches. With a million records per partition the process then used 0.7 to 1.1 GiB;
 * with 100,000 it used 0.3 to 0.5 GiB and was no slower. Records that a member with a service time can't
 * serve soon only cost the other members processor time: about 0.2 s of service is enough for it.
 */
function fetchProperties({ workUs }: GroupConfig, queuedKbytesMax: number): ClientProperties {
  const fetchBytesMax = Math.min(4 * 1_048_576, Math.max(65_536, queuedKbytesMax * 256));
  const slow = workUs > 0;
  return {
    'queued.min.messages': slow ? Math.max(100, Math.ceil(200_000 / workUs)) : queuedRecordsMin,
    'queued.max.messages.kbytes': queuedKbytesMax,
    'fetch.message.max.bytes': slow ? Math.min(fetchBytesMax, Math.ceil(65_536 * (1 + 100 / workUs))) : fetchBytesMax,
  };
}

/**
 * Longest time that a member takes batches before one step applies them all. With one step per
 * 16,384 records, a tenth of the processor time went into tables. Rebalances and the supervisor's
 * messages may wait for this time.
 */
const drainStepMsMax = 100;

export function stepMsMax({ workUs }: Pick<GroupConfig, 'workUs'>): number {
  return workUs === 0 ? drainStepMsMax : 0;
}

/** Number of records in one batch, so that the service time of a batch stays short. */
export function batchRecordsMax(group: Pick<GroupConfig, 'workUs' | 'batchRecordsMax'>): number {
  if (group.workUs === 0) return group.batchRecordsMax;
  return Math.max(1, Math.min(group.batchRecordsMax, Math.floor((workBatchMsMax * 1_000) / group.workUs)));
}
