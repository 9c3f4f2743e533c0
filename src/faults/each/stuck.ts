import type { Fault } from '../fault.ts';
import { liveMembers } from '../fault-target.ts';
import { sabotage } from './sabotage.ts';

const stall = sabotage('stuck', () => ({ type: 'stall', stallMs: 120_000 }));

/** For ever, as far as the group is concerned: the watchdog has to end it. Where zombies are let live there is none. */
export const stuck: Fault = {
  kind: 'stuck',
  aim: (target, choice) => {
    const aim = stall.aim(target, choice);
    if (aim === undefined) return undefined;
    return {
      ...aim,
      begin: async (signal) => {
        await aim.begin(signal);
        return async () => {
          if (target.watchdog) return;
          const still = liveMembers(target).filter(({ memberId }) => aim.members?.includes(memberId));
          for (const { memberId } of still) await target.supervisor.killMember(memberId);
        };
      },
    };
  },
};
