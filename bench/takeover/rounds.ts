import { setTimeout as sleep } from 'node:timers/promises';
import type { MemberSnapshot } from '../../src/cluster/snapshot.ts';
import type { Supervisor } from '../../src/cluster/supervisor.ts';
import { waitUntil } from '../../src/time/wait-until.ts';
import { nowMs } from '../../src/time/clock.ts';
import type { MemberId } from '../../src/protocol/ids.ts';

export const causes = ['death', 'silent death', 'stuck', 'leave'] as const;
export type Cause = (typeof causes)[number];

const settle = { timeoutMs: 60_000 };
/** Longer than any takeover: a round that takes longer has failed. */
const takeoverMsMax = 60_000;
const stallMs = 120_000;
/** Random pause, so that rounds are not synchronized with heartbeats. */
const pauseMsMax = 1_000;

/**
 * Makes one owner fail, and waits until other members have applied a batch of each of its
 * partitions.
 * @returns milliseconds from the failure to the last of these batches
 */
export async function takeoverMs(supervisor: Supervisor, cause: Cause): Promise<number> {
  await supervisor.waitSettled(settle);
  await sleep(Math.random() * pauseMsMax);
  const victim = supervisor.snapshot().members.find(isOwner);
  if (victim === undefined) throw new Error('no member owns a partition');
  const startMs = nowMs();
  const over = makeFail(supervisor, victim.memberId, cause);
  await takenOver(supervisor, victim);
  const elapsedMs = nowMs() - startMs;
  await over;
  return elapsedMs;
}

function isOwner({ partitions, phase }: MemberSnapshot): boolean {
  return phase === 'assigned' && partitions.length > 0;
}

async function makeFail(supervisor: Supervisor, victim: MemberId, cause: Cause): Promise<void> {
  switch (cause) {
    case 'death':
      return supervisor.killMember(victim);
    case 'silent death':
      return supervisor.killMember(victim, { leaveForIt: false });
    case 'leave':
      return supervisor.drainMember(victim);
    case 'stuck':
      supervisor.injectFailure(victim, { type: 'stall', stallMs });
  }
}

async function takenOver(supervisor: Supervisor, { memberId, partitions }: MemberSnapshot): Promise<void> {
  const left = new Map<number, number>(partitions.map((partition) => [partition, Infinity]));
  const allTaken = (): boolean => {
    for (const { partition, owner, nextOffset } of supervisor.snapshot().partitions) {
      const lastOfVictim = left.get(partition);
      if (lastOfVictim === undefined) continue;
      const isTaken = owner !== undefined && owner !== memberId && nextOffset > lastOfVictim;
      if (isTaken) left.delete(partition);
      else if (owner === memberId || lastOfVictim === Infinity) left.set(partition, nextOffset);
    }
    return left.size === 0;
  };
  await waitUntil(
    allTaken,
    { timeoutMs: takeoverMsMax },
    () => `partitions ${[...left.keys()].join(', ')} were not taken over`,
  );
}
