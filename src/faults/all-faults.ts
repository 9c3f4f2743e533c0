import { bandwidth } from './each/bandwidth.ts';
import { bounceBoth } from './each/bounce-both.ts';
import { brokerKill } from './each/broker-kill.ts';
import { brokerPause } from './each/broker-pause.ts';
import { churn } from './each/churn.ts';
import { controllerKill } from './each/controller-kill.ts';
import { coordinatorMoved } from './each/coordinator-moved.ts';
import { crash } from './each/crash.ts';
import { cutAll } from './each/cut-all.ts';
import { cutOne } from './each/cut-one.ts';
import { delay } from './each/delay.ts';
import { emptyPartitions } from './each/empty-partitions.ts';
import { foreignMember } from './each/foreign-member.ts';
import { hotPartition } from './each/hot-partition.ts';
import { leaderMoved } from './each/leader-moved.ts';
import { memberThrow } from './each/member-throw.ts';
import { offsetsReset } from './each/offsets-reset.ts';
import { outOfMemory } from './each/out-of-memory.ts';
import { partitionsAdded } from './each/partitions-added.ts';
import { poison } from './each/poison.ts';
import { processPause } from './each/process-pause.ts';
import { recordsDeleted } from './each/records-deleted.ts';
import { recordsLost } from './each/records-lost.ts';
import { redelivery } from './each/redelivery.ts';
import { reset } from './each/reset.ts';
import { rollingRestart } from './each/rolling-restart.ts';
import { stall } from './each/stall.ts';
import { staticMembership } from './each/static-membership.ts';
import { stuck } from './each/stuck.ts';
import { topicRecreated } from './each/topic-recreated.ts';
import { transactions } from './each/transactions.ts';
import { zombie } from './each/zombie.ts';
import type { Fault } from './fault.ts';
import type { FaultKind } from './kinds.ts';

const faults: Readonly<Record<FaultKind, Fault>> = {
  crash,
  throw: memberThrow,
  'out-of-memory': outOfMemory,
  stall,
  stuck,
  redelivery,
  zombie,
  churn,
  'rolling-restart': rollingRestart,
  'static-membership': staticMembership,
  'cut-one': cutOne,
  'cut-all': cutAll,
  reset,
  delay,
  bandwidth,
  'broker-kill': brokerKill,
  'broker-pause': brokerPause,
  'controller-kill': controllerKill,
  'bounce-both': bounceBoth,
  'leader-moved': leaderMoved,
  'coordinator-moved': coordinatorMoved,
  'hot-partition': hotPartition,
  'empty-partitions': emptyPartitions,
  poison,
  transactions,
  'records-deleted': recordsDeleted,
  'records-lost': recordsLost,
  'partitions-added': partitionsAdded,
  'topic-recreated': topicRecreated,
  'offsets-reset': offsetsReset,
  'foreign-member': foreignMember,
  'process-pause': processPause,
};

export function faultOf(kind: FaultKind): Fault {
  return faults[kind];
}
