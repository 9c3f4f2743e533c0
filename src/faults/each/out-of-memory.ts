import { sabotage } from './sabotage.ts';

/** The heap of the thread grows to its limit, and Node.js ends the thread. */
export const outOfMemory = sabotage('out-of-memory', () => ({ type: 'exhaustMemory' }));
