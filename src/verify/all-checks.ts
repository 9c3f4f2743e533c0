import type { Check } from './check.ts';
import { balance } from './checks/balance.ts';
import { commitOrder } from './checks/commit-order.ts';
import { commitSafety } from './checks/commit-safety.ts';
import { exactlyOnce } from './checks/exactly-once.ts';
import { exclusiveOwnership } from './checks/exclusive-ownership.ts';
import { gapFree } from './checks/gap-free.ts';
import { groupView } from './checks/group-view.ts';
import { handOver } from './checks/hand-over.ts';
import { historyComplete } from './checks/history-complete.ts';
import { hygiene } from './checks/hygiene.ts';
import { liveness } from './checks/liveness.ts';
import { noSilentStop } from './checks/no-silent-stop.ts';
import { orderAcrossOwners } from './checks/order-across-owners.ts';
import { readers } from './checks/readers.ts';
import { standbyIdle } from './checks/standby-idle.ts';
import { takeover } from './checks/takeover.ts';

/** All checks, in the order of their results. */
export const allChecks: readonly Check[] = [
  historyComplete,
  exclusiveOwnership,
  groupView,
  orderAcrossOwners,
  gapFree,
  exactlyOnce,
  commitSafety,
  commitOrder,
  handOver,
  takeover,
  liveness,
  readers,
  hygiene,
  noSilentStop,
  standbyIdle,
  balance,
];
