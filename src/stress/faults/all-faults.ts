import type { FaultWorld } from './fault-world.ts';
import { faultFinder } from './fault.ts';
import { bandwidth } from './kinds/bandwidth.ts';
import { bounceBoth } from './kinds/bounce-both.ts';
import { brokerKill } from './kinds/broker-kill.ts';
import { brokerPause } from './kinds/broker-pause.ts';
import { churn } from './kinds/churn.ts';
import { controllerKill } from './kinds/controller-kill.ts';
import { coordinatorMoved } from './kinds/coordinator-moved.ts';
import { crash } from './kinds/crash.ts';
import { cutAll } from './kinds/cut-all.ts';
import { cutOne } from './kinds/cut-one.ts';
import { delay } from './kinds/delay.ts';
import { emptyPartitions } from './kinds/empty-partitions.ts';
import { foreignMember } from './kinds/foreign-member.ts';
import { hotPartition } from './kinds/hot-partition.ts';
import { leaderMoved } from './kinds/leader-moved.ts';
import { offsetsReset } from './kinds/offsets-reset.ts';
import { outOfMemory } from './kinds/out-of-memory.ts';
import { partitionsAdded } from './kinds/partitions-added.ts';
import { poison } from './kinds/poison.ts';
import { processPause } from './kinds/process-pause.ts';
import { recordsDeleted } from './kinds/records-deleted.ts';
import { recordsLost } from './kinds/records-lost.ts';
import { redelivery } from './kinds/redelivery.ts';
import { reset } from './kinds/reset.ts';
import { rollingRestart } from './kinds/rolling-restart.ts';
import { stall } from './kinds/stall.ts';
import { staticMembership } from './kinds/static-membership.ts';
import { stuck } from './kinds/stuck.ts';
import { memberThrow } from './kinds/throw.ts';
import { topicRecreated } from './kinds/topic-recreated.ts';
import { transactions } from './kinds/transactions.ts';
import { zombie } from './kinds/zombie.ts';

/**
 * All kinds of faults, in the order of the help text. A new kind is a file in kinds/ and a line
 * here.
 */
export const allFaults = [
  crash,
  memberThrow,
  outOfMemory,
  stall,
  stuck,
  redelivery,
  zombie,
  churn,
  rollingRestart,
  staticMembership,
  cutOne,
  cutAll,
  reset,
  delay,
  bandwidth,
  brokerKill,
  brokerPause,
  controllerKill,
  bounceBoth,
  leaderMoved,
  coordinatorMoved,
  hotPartition,
  emptyPartitions,
  poison,
  transactions,
  recordsDeleted,
  recordsLost,
  partitionsAdded,
  topicRecreated,
  offsetsReset,
  foreignMember,
  processPause,
] as const;

export type FaultKind = (typeof allFaults)[number]['kind'];

export const allFaultKinds: readonly FaultKind[] = allFaults.map(({ kind }) => kind);

export const faultOf = faultFinder<FaultKind, FaultWorld>(allFaults);
