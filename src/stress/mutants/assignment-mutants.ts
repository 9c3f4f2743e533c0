import type { Mutant } from './mutant.ts';

/** Bugs in how members hand over partitions: assigned, waiting and revoked ones. */
export const assignmentMutants: readonly Mutant[] = [
  {
    name: 'reclaimed-without-seek',
    breaks: 'a resumed partition continues at the position of the client instead of the nextOffset of the table',
    side: 'member',
    simulated: true,
    simulationOnly: true,
    judges: ['gap-free'],
    edits: [{ file: 'member/assignment.js', from: 'this.#consumer.seek(partition, writer.nextOffset);', to: ';' }],
  },
  {
    name: 'read-while-waiting',
    breaks: 'a partition whose table is still held is consumed, and its records are discarded',
    side: 'member',
    simulated: true,
    judges: ['gap-free', 'liveness'],
    faults: ['zombie'],
    edits: [
      {
        file: 'member/assignment.js',
        from: 'this.#pause(added.filter((partition) => !this.#readable(partition)));',
        to: '',
      },
    ],
  },
  {
    name: 'starts-at-committed-offset',
    breaks: 'a new owner continues from the committed offset, which anyone may have changed',
    side: 'member',
    simulated: true,
    judges: ['gap-free'],
    faults: ['offsets-reset'],
    edits: [
      {
        file: 'member/assignment.js',
        from: 'offset: this.#nextOffset(partition) }',
        to: 'offset: -1001 }',
      },
    ],
  },
  {
    name: 'lease-kept-after-revoke',
    breaks: 'a partition is revoked without releasing its table: no other member can ever count it',
    side: 'member',
    simulated: true,
    judges: ['hand-over'],
    faults: ['rolling-restart', 'churn'],
    edits: [{ file: 'member/assignment.js', from: 'this.owned.get(partition)?.writer.release();', to: '' }],
  },
  {
    name: 'waiting-never-claimed',
    breaks: 'a table that was held when its partition was assigned is never claimed again',
    side: 'member',
    simulated: true,
    judges: ['takeover', 'liveness'],
    faults: ['zombie'],
    edits: [
      {
        file: 'member/assignment.js',
        from: 'for (const [partition, waiting] of this.waiting) {',
        to: 'for (const [partition, waiting] of []) {',
      },
    ],
  },
  {
    name: 'pause-kept-after-revoke',
    breaks: 'a paused partition is revoked without being resumed: when it is assigned again it is never fetched',
    side: 'member',
    simulated: true,
    judges: ['takeover', 'liveness', 'no-silent-stop'],
    faults: ['zombie'],
    edits: [{ file: 'member/assignment.js', from: 'this.#unpause(event.partitions);', to: '' }],
  },
  {
    name: 'assign-under-cooperative',
    breaks:
      'an incremental assignment is passed to the client as a complete one, which it rejects: nothing is ever consumed',
    side: 'member',
    simulated: true,
    judges: ['liveness'],
    faults: ['churn'],
    protocol: 'cooperative-sticky',
    edits: [
      {
        file: 'member/assignment.js',
        from: 'const inTime = this.#isIncremental ? this.#consumer.incrementalAssign(positions) :',
        to: 'const inTime = this.#isIncremental && positions.length === 0 ? this.#consumer.incrementalAssign(positions) :',
      },
    ],
  },
  {
    name: 'starts-at-latest',
    breaks: 'without a committed offset the member starts at the end',
    side: 'member',
    simulated: false,
    judges: ['gap-free'],
    faults: ['partitions-added'],
    edits: [
      { file: 'config/consumer-properties.js', from: "'error'", to: "'latest'" },
      { file: 'member/assignment.js', from: 'offset: this.#nextOffset(partition) }', to: 'offset: -1001 }' },
    ],
  },
];
