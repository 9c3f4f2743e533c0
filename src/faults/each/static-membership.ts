import { sleep } from '../../metrics/sleep.ts';
import { liveMembers, type FaultTarget } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/**
 * A group is turned over to static membership, and back. In between all its members are static, and so is whoever replaces
 * one that other faults end. On the way both kinds are in one group.
 */
export const staticMembership: Fault = {
  kind: 'static-membership',
  aim: (target, { durationMs }) => ({
    text: 'all members, one after the other',
    begin: (signal) => {
      const stepMs = durationMs / (4 * target.membersMax);
      const replaced = replaceAll(target, { areStatic: true, stepMs, signal });
      replaced.catch(() => undefined);
      return Promise.resolve(async () => {
        try {
          await replaced;
        } finally {
          await replaceAll(target, { areStatic: false, stepMs });
        }
      });
    },
  }),
};

async function replaceAll(
  target: FaultTarget,
  {
    areStatic,
    stepMs,
    signal,
  }: { readonly areStatic: boolean; readonly stepMs: number; readonly signal?: AbortSignal },
): Promise<void> {
  const { supervisor } = target;
  supervisor.staticMembership = areStatic;
  const next = () => liveMembers(target).find(({ groupInstanceId }) => (groupInstanceId !== undefined) !== areStatic);
  for (let member = next(); member !== undefined && signal?.aborted !== true; member = next()) {
    const { memberId } = member;
    await supervisor.drainMember(memberId);
    // One that died over it is replaced without our doing.
    const left = supervisor.snapshot().members.some((each) => each.memberId === memberId && each.phase === 'left');
    if (left) supervisor.addMember();
    await sleep(stepMs);
  }
}
