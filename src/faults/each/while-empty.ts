import { liveMembers, type FaultTarget } from '../fault-target.ts';

/** Everybody leaves, `action` happens while nobody is in the group, and as many join again whatever comes of it. */
export async function whileEmpty(target: FaultTarget, action: () => Promise<void>): Promise<void> {
  const { supervisor } = target;
  const before = liveMembers(target).length;
  try {
    // Those that replace crashed ones meanwhile leave, too.
    for (let live = liveMembers(target); live.length > 0; live = liveMembers(target))
      await Promise.all(live.map(({ memberId }) => supervisor.drainMember(memberId)));
    await action();
  } finally {
    for (let live = liveMembers(target).length; live < before; live += 1) supervisor.addMember();
  }
}
