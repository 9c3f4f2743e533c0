import { sabotage } from './sabotage.ts';

const records = 200;

/** What was counted already comes again, and must not be counted twice. */
export const redelivery = sabotage('redelivery', () => ({ type: 'redeliver', records }));
