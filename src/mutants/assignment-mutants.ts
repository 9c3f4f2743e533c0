import type { Mutant } from './mutant.ts';

/** Broken hand-overs by members: partitions that come, wait and go. */
export const assignmentMutants: readonly Mutant[] = [
  {
    name: 'reclaimed-without-seek',
    breaks: 'a partition that is resumed goes on where the client stands, not where the table stands',
    side: 'member',
    simulated: true,
    judges: ['V3'],
    edits: [{ file: 'member/assignment.js', from: 'this.#consumer.seek(partition, writer.nextOffset);', to: '' }],
  },
  {
    name: 'read-while-waiting',
    breaks: 'a partition whose table is still held is read and its records thrown away',
    side: 'member',
    simulated: true,
    judges: ['V3', 'V8'],
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
    breaks: 'a new owner goes on from the offset that Kafka knows, which anybody may have moved',
    side: 'member',
    simulated: true,
    judges: ['V3'],
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
    breaks: 'a partition is given back without its table: nobody else can ever count it',
    side: 'member',
    simulated: true,
    judges: ['handover'],
    faults: ['rolling-restart', 'churn'],
    edits: [{ file: 'member/assignment.js', from: 'this.owned.get(partition)?.writer.release();', to: '' }],
  },
  {
    name: 'waiting-never-claimed',
    breaks: 'a table that was held when its partition came is never asked for again',
    side: 'member',
    simulated: true,
    judges: ['V7', 'V8'],
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
    breaks: 'a paused partition is given back with its mark: when it comes again it is never fetched',
    side: 'member',
    simulated: true,
    judges: ['V7', 'V8', 'V11'],
    faults: ['zombie'],
    edits: [{ file: 'member/assignment.js', from: 'this.#unpause(event.partitions);', to: '' }],
  },
  {
    name: 'assign-under-cooperative',
    breaks: 'an incremental assignment is given to the client as a whole one, which it refuses: nothing is ever read',
    side: 'member',
    simulated: true,
    judges: ['V8'],
    faults: ['churn'],
    protocol: 'cooperative-sticky',
    edits: [
      {
        file: 'member/assignment.js',
        from: 'const inTime = cooperative ? this.#consumer.incrementalAssign(positions) :',
        to: 'const inTime = cooperative && positions.length === 0 ? this.#consumer.incrementalAssign(positions) :',
      },
    ],
  },
  {
    name: 'starts-at-latest',
    breaks: 'where the group has no offset it starts at the end',
    side: 'member',
    simulated: false,
    judges: ['V3'],
    faults: ['partitions-added'],
    edits: [
      { file: 'config/consumer-properties.js', from: "'error'", to: "'latest'" },
      { file: 'member/assignment.js', from: 'offset: this.#nextOffset(partition) }', to: 'offset: -1001 }' },
    ],
  },
];
