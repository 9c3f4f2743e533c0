import { sleep } from '../../../time/sleep.ts';
import { liveMembers, type FaultWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

/**
 * The group changes to static membership and back. In between, all members are static, including
 * replacements of members that other faults end. During the change the group has members of both
 * kinds.
 */
export const staticMembership = defineFault({
  kind: 'static-membership',
  does: 'replaces all members by static ones (group.instance.id), one by one, then by dynamic ones again',
  scope: 'process',
  lane: 'membership',
  durationMs: [3_000, 6_000],
  aim: (world, { durationMs }) => ({
    text: 'all members, one after the other',
    begin: (signal) => {
      const stepMs = durationMs / (4 * world.membersMax);
      const replaced = replaceAll(world, { areStatic: true, stepMs, signal });
      replaced.catch(() => undefined);
      return Promise.resolve(async () => {
        try {
          await replaced;
        } finally {
          await replaceAll(world, { areStatic: false, stepMs });
        }
      });
    },
  }),
});

interface Replacement {
  readonly areStatic: boolean;
  readonly stepMs: number;
  readonly signal?: AbortSignal;
}

async function replaceAll(world: FaultWorld, { areStatic, stepMs, signal }: Replacement): Promise<void> {
  const { supervisor } = world;
  supervisor.staticMembership = areStatic;
  const next = () => liveMembers(world).find(({ groupInstanceId }) => (groupInstanceId !== undefined) !== areStatic);
  for (let member = next(); member !== undefined && signal?.aborted !== true; member = next()) {
    const { memberId } = member;
    await supervisor.drainMember(memberId);
    // The supervisor replaces a member that crashed while it left.
    const left = supervisor.snapshot().members.some((each) => each.memberId === memberId && each.phase === 'left');
    if (left && supervisor.takesMembers) supervisor.addMember();
    await sleep(stepMs);
  }
}
