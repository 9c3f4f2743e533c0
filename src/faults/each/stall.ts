import { sabotage } from './sabotage.ts';

/** A garbage collection, a slow disk: short enough for everybody to wait. */
export const stall = sabotage('stall', ({ durationMs }) => ({ type: 'stall', stallMs: durationMs }));
