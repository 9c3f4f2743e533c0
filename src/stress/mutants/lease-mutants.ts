import type { Mutant } from './mutant.ts';

/** Bugs in leases: who may write a table. */
export const leaseMutants: readonly Mutant[] = [
  {
    name: 'lease-check-skipped',
    breaks: 'a batch is applied without checking that the lease is still held: two owners write one table',
    side: 'member',
    simulated: true,
    judges: ['exclusive-ownership', 'order-across-owners', 'exactly-once'],
    faults: ['zombie'],
    edits: [
      {
        file: 'count/table-writer.js',
        from: 'if (this.#held === undefined || !enterApply(memory, this.#held)) {',
        to: 'if (this.#held === undefined) {',
      },
      { file: 'count/table-writer.js', from: 'leaveApply(memory, this.#held);', to: '' },
    ],
  },
  {
    name: 'lease-released-before-apply',
    breaks: 'the lease is released before the batch is written: the next owner may start too early',
    side: 'member',
    simulated: true,
    judges: ['exclusive-ownership', 'order-across-owners', 'exactly-once'],
    faults: ['crash'],
    edits: [
      {
        file: 'count/table-writer.js',
        from: "assert(nextOffset > this.nextOffset, 'a batch begins at nextOffset and is not empty');",
        to: 'leaveApply(memory, this.#held); releaseLease(memory, this.#held);',
      },
      {
        file: 'count/table-writer.js',
        from: 'leaveApply(memory, this.#held);\n        return',
        to: 'this.#held = claimLease(memory, Number((memory.loadLease() & 0xffffffffn) >> 1n) - 1) ?? this.#held;\n        return',
      },
    ],
  },
  {
    name: 'claim-takes-held-lease',
    breaks: 'a claim does not check whether the table is held',
    side: 'member',
    simulated: true,
    judges: ['exclusive-ownership'],
    faults: ['zombie'],
    edits: [{ file: 'count/lease.js', from: 'if (before.owner !== undefined)', to: 'if (before.applying)' }],
  },
  {
    name: 'epoch-not-raised',
    breaks: 'a claim does not increment the epoch, so an old lease of the same member becomes valid again',
    side: 'member',
    simulated: true,
    judges: ['exclusive-ownership'],
    edits: [{ file: 'count/lease.js', from: '(before.epoch + 1) % epochs', to: 'before.epoch' }],
  },
  {
    name: 'fence-in-mid-batch',
    breaks: 'a fence revokes the lease while a batch is being applied',
    side: 'both',
    simulated: true,
    judges: ['exclusive-ownership', 'order-across-owners', 'exactly-once'],
    faults: ['zombie'],
    edits: [
      { file: 'count/lease.js', from: "if (before.applying)\n        return 'busy';", to: '' },
      {
        file: 'count/lease.js',
        from: 'return releaseLease(memory, before, inside)',
        to: 'return swap(memory, before, { ...before, owner: undefined, applying: false })',
      },
      { file: 'count/lease.js', from: "assert(left, 'the lease changed while a batch was being applied');", to: '' },
    ],
  },
];
