import { defineFault } from '../fault.ts';
import { slowLink } from '../shared/slow-link.ts';

export const bandwidth = defineFault({
  kind: 'bandwidth',
  does: "limits a member's traffic to 16 to 256 KiB/s",
  scope: 'network',
  lane: 'none',
  durationMs: [1_000, 4_000],
  needs: 'managed',
  aim: (world, choice) =>
    slowLink(world, choice, (random) => {
      const kib = 2 ** Math.round(4 + random() * 4);
      return { text: `${kib} KiB/s`, obstacle: { bytesPerSecond: kib * 1_024 } };
    }),
});
