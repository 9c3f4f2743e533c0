import type { Mutant } from './mutant.ts';

const commits = 'member/durable-commits.js';
const follower = 'member/changelog-follower.js';
const durable = { side: 'member', simulated: 'durable', simulationOnly: true, judges: [] } as const;

const across = { side: 'member', simulated: false, processes: 2 } as const;

/** Bugs in the commits, restores and takeovers of a durable group. */
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
  {
    name: 'commits-without-flush',
    breaks: 'offsets are sent before all changelog records are delivered: a new owner restores too little',
    ...durable,
    edits: [{ file: commits, from: 'if (producer.queued === 0)', to: 'if (true)' }],
  },
  {
    name: 'offsets-without-metadata',
    breaks: 'offsets are sent without the generation of the member: a former owner commits after the next one',
    ...durable,
    edits: [
      {
        file: commits,
        from: 'producer.sendOffsets(consumer, phase.parts)',
        to: 'producer.sendOffsets(undefined, phase.parts)',
      },
    ],
  },
  {
    name: 'restore-ignores-high-watermark',
    breaks: 'a table is granted before its changelog was read to the end: committed records are counted again',
    ...durable,
    edits: [{ file: follower, from: 'followed.position < endOffset', to: 'false' }],
  },
  {
    name: 'changed-words-forgotten',
    breaks: 'a takeover within the process forgets what the dead member had not committed: the words are never written',
    ...durable,
    edits: [
      {
        file: 'member/followed-table.js',
        from: 'if (this.cells.restoring)',
        to: 'this.cells.clear();\n        if (this.cells.restoring)',
      },
    ],
  },
  {
    name: 'producer-kept-after-unknown-outcome',
    breaks: 'a producer is used again after a commit without an answer: the late EndTxn ends its next transaction',
    ...durable,
    edits: [{ file: commits, from: "error.outcome === 'abort'", to: 'true' }],
  },
  {
    name: 'progress-in-another-transaction',
    breaks: 'the progress of a commit is written in the next one: words and progress do not belong together',
    ...durable,
    edits: [
      {
        file: 'member/changelog-rows.js',
        from: 'return this.#progress;',
        to: 'const before = ChangelogRows.before ?? this.#progress;\n        ChangelogRows.before = this.#progress;\n        return before;',
      },
    ],
  },
  {
    name: 'standby-over-owned-table',
    breaks: 'the changelog thread writes to a table that it has granted to a member',
    ...durable,
    edits: [
      { file: follower, from: 'this.#followed.delete(followed.partition);', to: '' },
      {
        file: 'count/table-writer.js',
        from: 'const held = this.#held;\n        this.#letReadersCopy();',
        to: 'const held = this.#held;\n        if (held === undefined)\n            return step(memory, 1);\n        this.#letReadersCopy();',
      },
    ],
  },
];
