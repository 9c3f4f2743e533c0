/** What a run of the bench measures: plain draining, or draining where each record costs a service time. */
export const lanes = ['drain', 'work'] as const;
export type Lane = (typeof lanes)[number];
