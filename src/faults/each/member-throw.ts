import { sabotage } from './sabotage.ts';

/** An error that nobody caught, between the fetch of a batch and its application. */
export const memberThrow = sabotage('throw', () => ({ type: 'throw' }));
