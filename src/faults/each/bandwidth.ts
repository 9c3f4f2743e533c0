import { slowLink } from './slow-link.ts';

/** A narrow line. */
export const bandwidth = slowLink('bandwidth', (random) => {
  const kib = 2 ** Math.round(4 + random() * 4);
  return { text: `${kib} KiB a second`, obstacle: { bytesPerSecond: kib * 1_024 } };
});
