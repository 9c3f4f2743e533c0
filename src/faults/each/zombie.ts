import { sabotage } from './sabotage.ts';

/** The client looks at the poll interval about once a second. */
const beyondPollIntervalMs = 2_500;

/** Runs with this fault have no watchdog and a short max.poll.interval.ms (stress/run-plan.ts): it has to find itself fenced. */
export const zombie = sabotage('zombie', ({ durationMs }, { group }) => ({
  type: 'stall',
  stallMs: Math.max(durationMs, group.maxPollIntervalMs + beyondPollIntervalMs),
}));
