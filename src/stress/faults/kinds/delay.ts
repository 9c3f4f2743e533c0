import { defineFault } from '../fault.ts';
import { slowLink } from '../shared/slow-link.ts';

/** Brokers with a high round-trip time. */
export const delay = defineFault({
  kind: 'delay',
  does: 'delays all traffic between a member and the brokers by 20 to 200 ms',
  scope: 'network',
  lane: 'none',
  durationMs: [1_000, 4_000],
  needs: 'managed',
  aim: (world, choice) =>
    slowLink(world, choice, (random) => {
      const delayMs = Math.round(20 + random() * 180);
      return { text: `${delayMs} ms later`, obstacle: { delayMs } };
    }),
});
