import { sabotage } from './sabotage.ts';

/** Runs with this fault have no watchdog and a short max.poll.interval.ms (stress/run-settings.ts): it has to find itself fenced. */
export const zombie = sabotage('zombie', ({ durationMs }) => ({ type: 'stall', stallMs: durationMs }));
