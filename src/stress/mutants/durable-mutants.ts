import type { Mutant } from './mutant.ts';

const across = { side: 'member', simulated: false, processes: 2 } as const;

/** Bugs in commits of durable groups, which show across processes. */
export const durableMutants: readonly Mutant[] = [
  {
    ...across,
    name: 'offsets-not-sent',
    breaks: 'a transaction contains no offsets: the group coordinator cannot refuse a former owner',
    judges: ['durable-state', 'commit-safety'],
    faults: ['process-kill', 'process-pause'],
    edits: [
      {
        file: 'member/durable-commits.js',
        from: 'if (producer.sendOffsets(consumer, phase.parts))',
        to: 'if (consumer !== undefined)',
      },
    ],
  },
];
