import type { KindFacts } from './kind-facts.ts';

const moment = [0, 0] as const;

/** All kinds of faults: the one list of them, in the order of the help text. */
export const faultKinds = {
  crash: {
    scope: 'member',
    lane: 'none',
    durationMs: moment,
    does: "a member's thread is ended, no LeaveGroup is sent",
  },
  throw: { scope: 'member', lane: 'none', durationMs: moment, does: 'a member throws with a batch in hand' },
  'out-of-memory': {
    scope: 'member',
    lane: 'none',
    durationMs: moment,
    does: 'a member fills its heap up to the limit',
  },
  stall: {
    scope: 'member',
    lane: 'none',
    durationMs: [200, 1_200],
    does: 'a member stands still for less than the watchdog allows',
  },
  stuck: {
    scope: 'member',
    lane: 'none',
    durationMs: [3_000, 5_000],
    does: 'a member stands still until the watchdog ends it, or, where zombies leave no watchdog, the fault',
  },
  redelivery: {
    scope: 'member',
    lane: 'none',
    durationMs: moment,
    does: 'a member gets 200 records of each of its partitions once more',
  },
  zombie: {
    scope: 'process',
    lane: 'membership',
    durationMs: [6_500, 8_000],
    does: 'no watchdog: a member stands still past max.poll.interval.ms, then wakes with an old batch in hand',
  },
  churn: {
    scope: 'process',
    lane: 'membership',
    durationMs: [3_000, 5_000],
    does: 'members leave one by one until one is left, and join again',
  },
  'rolling-restart': {
    scope: 'process',
    lane: 'membership',
    durationMs: [2_000, 5_000],
    does: 'every member leaves and is followed by a new one',
  },
  'static-membership': {
    scope: 'process',
    lane: 'membership',
    durationMs: [3_000, 6_000],
    does: 'members are replaced, one by one, by static ones (group.instance.id), and those by dynamic ones again',
  },
  'cut-one': {
    scope: 'network',
    lane: 'none',
    durationMs: [500, 4_000],
    needs: 'managed',
    does: 'a member and one broker do not hear each other, in one direction or both',
  },
  'cut-all': {
    scope: 'network',
    lane: 'none',
    durationMs: [500, 4_500],
    needs: 'managed',
    does: 'a member and all brokers do not hear each other, in one direction or both',
  },
  reset: {
    scope: 'network',
    lane: 'none',
    durationMs: moment,
    needs: 'managed',
    does: "a member's connections are reset in the middle of an answer",
  },
  delay: {
    scope: 'network',
    lane: 'none',
    durationMs: [1_000, 4_000],
    needs: 'managed',
    does: 'every piece between a member and the brokers takes 20 to 200 ms longer',
  },
  bandwidth: {
    scope: 'network',
    lane: 'none',
    durationMs: [1_000, 4_000],
    needs: 'managed',
    does: 'a member gets 16 to 256 KiB a second',
  },
  'broker-kill': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [500, 3_000],
    needs: 'managed',
    endsProcesses: true,
    does: 'kill -9 of a broker, which is started again',
  },
  'broker-pause': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [500, 5_000],
    needs: 'managed',
    does: 'a broker stands still (SIGSTOP) and goes on (SIGCONT)',
  },
  'controller-kill': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [500, 3_000],
    needs: 'managed',
    endsProcesses: true,
    does: 'kill -9 of the controller, which is started again',
  },
  'bounce-both': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [200, 1_500],
    needs: 'managed',
    endsProcesses: true,
    does: 'kill -9 of both brokers, which are started again',
  },
  'leader-moved': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [500, 3_000],
    needs: 'managed',
    does: "a partition's leader and replicas move to the other broker, and back",
  },
  'coordinator-moved': {
    scope: 'broker',
    lane: 'broker',
    durationMs: [500, 3_000],
    needs: 'managed',
    does: "the group's coordinator moves to the other broker, and back",
  },
  'hot-partition': {
    scope: 'topic',
    lane: 'topic',
    durationMs: [1_500, 4_000],
    does: '99 of 100 records go to one partition',
  },
  'empty-partitions': {
    scope: 'topic',
    lane: 'topic',
    durationMs: [1_500, 4_000],
    does: 'all partitions but one get no records',
  },
  poison: {
    scope: 'topic',
    lane: 'none',
    durationMs: moment,
    does: 'records of more than 1 MiB, null, empty, invalid UTF-8, one word of 300 KiB, 100,000 words, words with one hash',
  },
  transactions: {
    scope: 'topic',
    lane: 'none',
    durationMs: [1_000, 3_000],
    needs: 'kafka',
    does: 'transactions between the records, every other one aborted',
  },
  'records-deleted': {
    scope: 'topic',
    lane: 'topic',
    durationMs: moment,
    needs: 'kafka',
    deletes: true,
    does: 'records that were counted are deleted from the topic',
  },
  'records-lost': {
    scope: 'process',
    lane: 'membership',
    durationMs: moment,
    needs: 'kafka',
    deletes: true,
    does: 'while everybody is away, records that are not counted yet are deleted: exactly those are to be told as lost',
  },
  'partitions-added': {
    scope: 'topic',
    lane: 'topic',
    durationMs: moment,
    needs: 'kafka',
    does: 'the topic gets two more partitions, with records in them',
  },
  'topic-recreated': {
    scope: 'topic',
    lane: 'topic',
    durationMs: moment,
    needs: 'kafka',
    deletes: true,
    last: true,
    does: 'at the end the topic is deleted and made anew: the group is to stop and to count nothing of it',
  },
  'offsets-reset': {
    scope: 'process',
    lane: 'membership',
    durationMs: moment,
    needs: 'kafka',
    does: "everybody leaves, another tool sets the group's committed offsets to 0 or to the log's end, everybody joins again",
  },
  'foreign-member': {
    scope: 'process',
    lane: 'membership',
    durationMs: [3_000, 5_000],
    needs: 'managed',
    does: "Kafka's own VerifiableConsumer joins the group and leaves it again",
  },
  'process-pause': {
    scope: 'process',
    lane: 'process',
    durationMs: [500, 4_500],
    does: 'this whole process stands still (SIGSTOP) and goes on (SIGCONT)',
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type FaultKind = keyof typeof faultKinds;

export const allFaultKinds = Object.keys(faultKinds) as readonly FaultKind[];

export function factsOf(kind: FaultKind): KindFacts {
  return faultKinds[kind];
}

/** Whether nothing can follow it in a run. */
export function isLast(kind: FaultKind): boolean {
  return factsOf(kind).last === true;
}
