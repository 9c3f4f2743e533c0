import { defineFault } from '../fault.ts';
import { injectedFailure } from '../shared/injected-failure.ts';

/** The client checks the poll interval about once a second. */
const beyondPollIntervalMs = 2_500;

/**
 * The member resumes after the group has given its partitions away, and has to find its leases
 * revoked.
 */
export const zombie = defineFault({
  kind: 'zombie',
  does: "blocks a member's thread beyond max.poll.interval.ms, without a watchdog; it resumes with an old batch",
  scope: 'process',
  lane: 'membership',
  durationMs: [6_500, 8_000],
  memberEffect: 'stalls',
  needsNoWatchdog: true,
  inSelfTest: true,
  aim: (world, choice) => {
    const stallMs = Math.max(choice.durationMs, world.group.maxPollIntervalMs + beyondPollIntervalMs);
    return injectedFailure(world, choice, { type: 'stall', stallMs });
  },
});
