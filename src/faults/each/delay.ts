import { slowLink } from './slow-link.ts';

/** A broker far away. */
export const delay = slowLink('delay', (random) => {
  const delayMs = Math.round(20 + random() * 180);
  return { text: `${delayMs} ms later`, obstacle: { delayMs } };
});
