import { groupProtocols } from './group-protocols.ts';
import type { GroupConfig } from './group.ts';

export type ClientProperties = Readonly<Record<string, string | number | boolean>>;

/** How long a service-time batch may take, so that a member answers to its group and its supervisor in between. */
const workBatchMsMax = 20;

/** How long a broker may take to answer a member. */
export const requestMsMax = 10_000;

/** Longest that a member which gives up partitions waits for the answer to a commit before it sends the last one. */
export const commitAnswerMsMax = 1_000;

/**
 * Our settings as librdkafka's properties: the one table of them. Sources: librdkafka's CONFIGURATION.md and the
 * measurements in docs/performance.md. The user's own properties are laid over these, except where noted.
 * @param own.queuedKbytesMax - share of the group's memory budget for this member, KiB
 * @param own.groupInstanceId - of a static member
 */
export function consumerProperties(
  group: GroupConfig,
  own: { readonly queuedKbytesMax: number; readonly groupInstanceId?: string | undefined },
): ClientProperties {
  return {
    // Members say where to begin, so a reset is an accident: earliest and latest, the client's default, would both go on
    // behind records that were deleted without a word.
    'auto.offset.reset': 'error',
    // Offsets are committed by us, after the table has them.
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    // Behind the last record there may be offsets without one: only the client knows that it has passed them.
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
    'max.poll.interval.ms': group.maxPollIntervalMs,
    ...groupProtocols[group.groupProtocol].properties(group),
    ...(own.groupInstanceId === undefined ? {} : { 'group.instance.id': own.groupInstanceId }),
    ...fetchProperties(group, own.queuedKbytesMax),
    // The default of 1000 ms leaves a member idle most of the time once its queue was full for a moment.
    'fetch.queue.backoff.ms': 1,
    'fetch.error.backoff.ms': 50,
    'fetch.wait.max.ms': 50,
    'topic.metadata.refresh.interval.ms': 5_000,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1_000,
    'socket.nagle.disable': true,
    // A commit whose answer is lost holds up the next one, and the end of the client, as long as this.
    'socket.timeout.ms': requestMsMax,
  };
}

/** Of a partition: a tenth of a second at full speed. More only fills memory, see below. */
const queuedRecordsMin = 100_000;

/**
 * Many small fetches cost more than few large ones, so the budget in bytes should be the limit, not the count of records.
 * But the client keeps some 250 bytes beside each record that it does not count into its budget: with a million records a
 * partition the process held 0.7 to 1.1 GiB, with 100,000 0.3 to 0.5, and was no slower. And what a member with a service
 * time cannot serve soon only costs the others processor time: there, about 0.2 s of service is enough.
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
 * How long a member takes batch after batch before one step applies them all. With a step every 16,384 records a tenth
 * of the processor time went into tables; rebalances and the supervisor's messages wait as long.
 */
const drainStepMsMax = 100;

export function stepMsMax({ workUs }: Pick<GroupConfig, 'workUs'>): number {
  return workUs === 0 ? drainStepMsMax : 0;
}

/** Records of one batch, so that the service time of a batch stays short. */
export function batchRecordsMax(group: Pick<GroupConfig, 'workUs' | 'batchRecordsMax'>): number {
  if (group.workUs === 0) return group.batchRecordsMax;
  return Math.max(1, Math.min(group.batchRecordsMax, Math.floor((workBatchMsMax * 1_000) / group.workUs)));
}
