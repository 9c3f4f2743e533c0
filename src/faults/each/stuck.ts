import { sabotage } from './sabotage.ts';

/** For ever, as far as the group is concerned: the watchdog has to end it. */
export const stuck = sabotage('stuck', () => ({ type: 'stall', stallMs: 120_000 }));
