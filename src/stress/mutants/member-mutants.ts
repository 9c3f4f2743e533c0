import type { Mutant } from './mutant.ts';

/** Bugs in members: what they read, count and commit. */
export const memberMutants: readonly Mutant[] = [
  {
    name: 'below-next-counted',
    breaks: 'redelivered records that the table already has are counted again',
    side: 'member',
    simulated: true,
    judges: ['order-across-owners', 'exactly-once'],
    faults: ['redelivery'],
    edits: [
      {
        file: 'member/batch.js',
        from: 'let start = from;',
        to: 'let start = from; if (from >= 0) return { start, end: to };',
      },
      {
        file: 'count/table-writer.js',
        from: "assert(nextOffset > this.nextOffset, 'a batch begins at nextOffset and is not empty');",
        to: '',
      },
    ],
  },
  {
    name: 'last-record-dropped',
    breaks: 'the last record of a batch is marked as counted, but is not counted',
    side: 'member',
    simulated: true,
    judges: ['gap-free', 'exactly-once'],
    edits: [
      {
        file: 'member/batch.js',
        from: 'this.#sums.addRows(start, end);',
        to: 'this.#sums.addRows(start, Math.max(start + 1, end - 1));',
      },
    ],
  },
  {
    name: 'commits-ahead',
    breaks: 'an offset beyond the counted records is committed',
    side: 'member',
    simulated: true,
    judges: ['commit-safety'],
    edits: [
      {
        file: 'member/commits.js',
        from: 'offset: nextOffset })',
        to: 'offset: nextOffset + 1 })',
      },
    ],
  },
  {
    name: 'commits-last-record',
    breaks: 'the offset of the last counted record is committed instead of the next one',
    side: 'member',
    simulated: true,
    judges: ['commit-safety'],
    edits: [
      {
        file: 'member/commits.js',
        from: 'offset: nextOffset })',
        to: 'offset: Math.max(0, nextOffset - 1) })',
      },
    ],
  },
  {
    name: 'commits-one-partition',
    breaks: 'of several partitions only the first is committed',
    side: 'member',
    simulated: false,
    judges: ['commit-safety', 'commit-order'],
    faults: ['stall'],
    edits: [
      { file: 'member/commits.js', from: 'this.#consumer.commit(moved', to: 'this.#consumer.commit(moved.slice(0, 1)' },
    ],
  },
  {
    name: 'two-commits-in-flight',
    breaks: 'a commit is sent while another is pending, so the older one may arrive last',
    side: 'member',
    simulated: false,
    judges: ['commit-order'],
    faults: ['stall'],
    edits: [{ file: 'member/commits.js', from: 'if (!this.mayRelease())', to: 'if (false)' }],
  },
  {
    name: 'failed-commit-forgotten',
    breaks: 'a failed commit is not repeated until the table changes',
    side: 'member',
    simulated: false,
    judges: ['commit-order'],
    faults: ['stall'],
    edits: [{ file: 'member/commits.js', from: 'this.#committed.clear();', to: ';' }],
  },
  {
    name: 'commits-after-revoke',
    breaks: 'the last commit of a partition is sent after its revocation',
    side: 'member',
    simulated: false,
    judges: ['commit-order'],
    faults: ['churn'],
    edits: [
      {
        file: 'member/turn.js',
        from: 'this.#commits.commit(revoked);',
        to: 'setTimeout(() => this.#commits.commit(revoked), 50);',
      },
    ],
  },
  {
    name: 'commits-out-of-order',
    breaks: 'a commit is sometimes followed by one of an older offset',
    side: 'member',
    simulated: false,
    judges: ['commit-safety', 'commit-order'],
    faults: ['stall'],
    edits: [
      {
        file: 'member/commits.js',
        from: 'const moved = progress.filter(',
        to: 'if (Math.random() < 0.2) progress = progress.map((each) => ({ ...each, nextOffset: Math.max(0, each.nextOffset - 100) }));\n        const moved = progress.filter(',
      },
    ],
  },
  {
    name: 'partitions-mixed-up',
    breaks: 'with several partitions, the sums of one are applied to the table of another',
    side: 'member',
    simulated: true,
    judges: ['gap-free', 'exactly-once'],
    faults: ['stall'],
    edits: [
      {
        file: 'member/batch.js',
        from: 'const result = owned.writer.apply(',
        to: 'this.#sums.select(this.#assignment.owned.keys().next().value ?? owned.partition);\n        const result = owned.writer.apply(',
      },
    ],
  },
  {
    name: 'tombstone-stops-batch',
    breaks:
      'a record without a value ends the batch early: it and the following records are marked as counted, but are not counted',
    side: 'member',
    simulated: true,
    judges: ['gap-free', 'exactly-once'],
    faults: ['poison'],
    edits: [
      {
        file: 'member/batch.js',
        from: 'return { start, end };',
        to: 'for (let at = start; at < end; at += 1) if (rows[at * rowFields + row.length] === -1) return { start, end: at };\n        return { start, end };',
      },
    ],
  },
  {
    name: 'last-byte-cut-off',
    breaks: 'a value is tokenized without its last byte: a word at the end is truncated',
    side: 'member',
    simulated: true,
    judges: ['exactly-once'],
    edits: [
      {
        file: 'member/batch.js',
        from: 'this.#serviceTime.serve(end - start);',
        to: 'for (let at = start; at < end; at += 1) if (rows[at * rowFields + row.length] > 1) rows[at * rowFields + row.length] -= 1;',
      },
    ],
  },
  {
    name: 'drain-commits-what-it-drops',
    breaks: 'a leaving member marks its last batch as counted without counting it',
    side: 'member',
    simulated: false,
    judges: ['gap-free', 'exactly-once'],
    faults: ['rolling-restart'],
    edits: [
      {
        file: 'member/turn.js',
        from: 'const progress = this.#assignment.progress();',
        to: 'for (const { partition, writer } of this.#assignment.owned.values()) if (this.#client.consumeBatch(20, 1) === 1 && this.#client.rows[0] === partition) { this.#memory.sums.select(partition); this.#memory.sums.reset(); writer.apply(this.#memory.sums, { nextOffset: this.#client.rows[1] + 1 }); }\n        const progress = this.#assignment.progress();',
      },
    ],
  },
  {
    name: 'errors-swallowed',
    breaks: 'a failed client is polled forever, and no error is reported',
    side: 'member',
    simulated: false,
    judges: ['gap-free', 'liveness', 'no-silent-stop'],
    faults: ['records-lost'],
    edits: [
      { file: 'kafka/native/consumer.js', from: 'this.#reportErrors();\n            return 0;', to: 'return 0;' },
    ],
  },
  {
    name: 'oversize-record-wedges',
    breaks: 'the member waits forever for a record that is larger than its buffer',
    side: 'member',
    simulated: false,
    judges: ['liveness', 'no-silent-stop'],
    faults: ['poison'],
    edits: [
      {
        file: 'kafka/native/consumer.js',
        from: 'this.#buffers.reserve({ valuesBytes: 2 ** Math.ceil(Math.log2(-result)), rowNumbers: 0 });',
        to: 'return 0;',
      },
    ],
  },
  {
    name: 'aborted-records-counted',
    breaks: 'records of aborted transactions are consumed and counted',
    side: 'member',
    simulated: false,
    judges: ['gap-free', 'exactly-once'],
    faults: ['transactions'],
    edits: [{ file: 'config/consumer-properties.js', from: "'read_committed'", to: "'read_uncommitted'" }],
  },
];
