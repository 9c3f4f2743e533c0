import { addMembersUpTo, liveMembers, type FaultWorld } from '../fault-world.ts';

/**
 * All members leave, `action` runs while the group is empty, and as many members join again even if
 * it fails.
 */
export async function whileEmpty(world: FaultWorld, action: () => Promise<void>): Promise<void> {
  const { supervisor } = world;
  const before = liveMembers(world).length;
  try {
    // Members that replace crashed ones meanwhile leave, too.
    for (let live = liveMembers(world); live.length > 0; live = liveMembers(world))
      await Promise.all(live.map(({ memberId }) => supervisor.drainMember(memberId)));
    await action();
  } finally {
    await addMembersUpTo(world, before);
  }
}
