import type { Mutant } from './mutant.ts';

const file = 'member/turn.js';

/** Bugs in the order of a member's steps: within a turn, a rebalance or the hand-over. */
export const turnMutants: readonly Mutant[] = [
  {
    name: 'commits-before-apply',
    breaks: 'the position of the client is committed before its batch is applied: a crash in between loses the batch',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['commit-safety'],
    edits: [
      {
        file,
        from: 'this.#topicCheck.check();',
        to: 'this.#client.commit([{ partition: this.#client.rows[0], offset: this.#client.rows[1] + 1 }]);\n        this.#topicCheck.check();',
      },
    ],
  },
  {
    name: 'refused-write-ignored',
    breaks: 'a member whose write was refused keeps the partition without its table: its records are never counted',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['takeover', 'liveness'],
    edits: [{ file, from: 'this.#assignment.leaseRevoked(partition);', to: '' }],
  },
  {
    name: 'assigned-reported-before-claim',
    breaks: 'the partitions of a member are reported before their tables are claimed, so the report lacks them',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['liveness'],
    edits: [
      {
        file,
        from: 'this.#assignment.assign(event);\n            this.#reports.assigned();',
        to: 'this.#reports.assigned();\n            this.#assignment.assign(event);',
      },
    ],
  },
  {
    name: 'commits-after-release',
    breaks: 'a revoked partition is committed after its table is released: the next owner may have committed before',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['commit-order'],
    edits: [
      { file, from: 'this.#commits.commit(revoked);', to: ';' },
      {
        file,
        from: 'this.#assignment.revoke(event);',
        to: 'this.#assignment.revoke(event);\n        if (!event.lost) this.#commits.commit(revoked);',
      },
    ],
  },
  {
    name: 'leaves-before-commit',
    breaks: 'a leaving member commits after it has released its tables: their next owners may have committed before',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['commit-order'],
    edits: [
      { file, from: 'this.#commits.commit(progress);', to: '' },
      {
        file,
        from: 'this.#assignment.release(partition);',
        to: 'this.#assignment.release(partition);\n        this.#commits.commit(progress);',
      },
    ],
  },
];
