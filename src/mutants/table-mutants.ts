import type { Mutant } from './mutant.ts';

/** Broken tables: lease, journal, recovery, readers. All run by the simulation. */
export const tableMutants: readonly Mutant[] = [
  {
    name: 'lease-check-skipped',
    breaks: 'a batch is applied without asking whether the lease is still held: two owners write one table',
    side: 'member',
    simulated: true,
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
    breaks: 'the lease is given back before the batch is written: the next owner may begin meanwhile',
    side: 'member',
    simulated: true,
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
    breaks: 'a claim does not look whether somebody holds the table',
    side: 'member',
    simulated: true,
    edits: [{ file: 'count/lease.js', from: 'if (before.owner !== undefined)', to: 'if (before.applying)' }],
  },
  {
    name: 'epoch-not-raised',
    breaks: 'a claim keeps the epoch, so that a former lease of the same member is valid again',
    side: 'member',
    simulated: true,
    edits: [{ file: 'count/lease.js', from: '(before.epoch + 1) % epochs', to: 'before.epoch' }],
  },
  {
    name: 'fence-in-mid-batch',
    breaks: 'a fence takes the lease from a batch that is being applied',
    side: 'both',
    simulated: true,
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
  {
    name: 'journal-of-deltas',
    breaks: 'the journal adds to counts instead of setting them: a replay after a half applied batch counts twice',
    side: 'both',
    simulated: true,
    edits: [
      { file: 'count/plan-in-place.js', from: 'count += floats[(slotAt + slot.count) >> 1] ?? 0;', to: '' },
      {
        file: 'count/journal.js',
        from: 'floats[(slotAt + slot.count) >> 1] = floats[(at + entry.count) >> 1] ?? 0;',
        to: 'floats[(slotAt + slot.count) >> 1] = (floats[(slotAt + slot.count) >> 1] ?? 0) + (floats[(at + entry.count) >> 1] ?? 0);',
      },
    ],
  },
  {
    name: 'journal-sealed-too-early',
    breaks: 'the journal is sealed before its place and length stand: a crash between replays the batch before',
    side: 'member',
    simulated: true,
    edits: [
      {
        file: 'count/journal.js',
        from: 'memory.store(control.journalAt, journalAt);',
        to: 'memory.store(control.journalSealed, nextBlock + 1); memory.store(control.journalAt, journalAt);',
      },
    ],
  },
  {
    name: 'journal-entry-forgotten',
    breaks: 'the last word of a batch is not applied, though its records pass for counted',
    side: 'member',
    simulated: true,
    edits: [
      {
        file: 'count/journal.js',
        from: 'memory.store(control.journalEntries, entries);',
        to: 'memory.store(control.journalEntries, Math.max(0, entries - 1));',
      },
    ],
  },
  {
    name: 'journal-not-freed',
    breaks: 'an applied journal stays sealed: a later crash applies it once more, over newer counts',
    side: 'both',
    simulated: true,
    edits: [{ file: 'count/journal.js', from: 'memory.store(control.journalSealed, 0);', to: '' }],
  },
  {
    name: 'offset-before-counts',
    breaks: 'nextOffset and totals move in the block that is in force, before the counts are there',
    side: 'member',
    simulated: true,
    edits: [
      {
        file: 'count/plan-batch.js',
        from: 'const next = blockAt(nextBlock);',
        to: 'const next = blockAt(activeBlock);',
      },
      {
        file: 'count/plan-batch.js',
        from: "return { type: 'planned', nextBlock,",
        to: "return { type: 'planned', nextBlock: activeBlock,",
      },
    ],
  },
  {
    name: 'replay-skipped',
    breaks: 'the sealed batch of a dead owner is not completed: half of its counts stay',
    side: 'supervisor',
    simulated: true,
    edits: [
      {
        file: 'count/recovery.js',
        from: 'applyJournal(memory);',
        to: 'memory.store(control.journalSealed, 0);',
      },
    ],
  },
  {
    name: 'unsealed-journal-replayed',
    breaks: 'recovery replays what a dead owner had only begun to write',
    side: 'supervisor',
    simulated: true,
    edits: [
      {
        file: 'count/recovery.js',
        from: 'if (sealed)',
        to: 'if (!sealed && memory.loadLease() % 2n === 1n) memory.store(control.journalSealed, 2 - memory.load(control.activeBlock));\n    if (memory.load(control.journalSealed) !== 0)',
      },
    ],
  },
  {
    name: 'recovery-frees-first',
    breaks: 'recovery frees the lease before it has completed the batch: the next owner may begin meanwhile',
    side: 'supervisor',
    simulated: true,
    edits: [
      { file: 'count/recovery.js', from: 'memory.refresh();', to: 'memory.refresh(); freeLease(memory);' },
      { file: 'count/recovery.js', from: 'freeLease(memory);\n    return', to: 'return' },
    ],
  },
  {
    name: 'readers-not-told',
    breaks: 'the version stays even while slots are written: readers copy half a batch',
    side: 'member',
    simulated: true,
    edits: [
      { file: 'count/journal.js', from: 'if (memory.load(control.version) % 2 === 0)', to: 'if (false)' },
      {
        file: 'count/journal.js',
        from: 'memory.add(control.version, 1);\n    memory.store(control.journalSealed, 0);',
        to: 'memory.add(control.version, 2);\n    memory.store(control.journalSealed, 0);',
      },
    ],
  },
  {
    name: 'reader-does-not-look-back',
    breaks: 'a reader takes its copy without looking whether a batch came between',
    side: 'supervisor',
    simulated: true,
    edits: [
      {
        file: 'count/table-reader.js',
        from: 'return complete && memory.add(control.version, 0) === version ? snapshot : undefined;',
        to: 'return complete ? snapshot : undefined;',
      },
    ],
  },
  {
    name: 'growth-forgets-a-slot',
    breaks: 'the last slot is left behind when a table grows',
    side: 'member',
    simulated: true,
    edits: [{ file: 'count/plan-grown.js', from: 'oldAt < end;', to: 'oldAt < end - slotInts;' }],
  },
  {
    name: 'old-slots-reused-at-once',
    breaks:
      'keys of the batch that grows a table are written over its old slots, which hold until the batch is applied',
    side: 'member',
    simulated: true,
    edits: [
      { file: 'count/free-memory.js', from: 'this.#freed = { at, end };', to: 'this.#extents.unshift({ at, end });' },
    ],
  },
  {
    name: 'keys-compared-by-hash',
    breaks: 'two words with the same hash are counted as one',
    side: 'member',
    simulated: true,
    edits: [
      {
        file: 'count/keys.js',
        from: 'if (right[rightAt] !== length)',
        to: 'return true;\n    if (right[rightAt] !== length)',
      },
    ],
  },
  {
    name: 'null-records-forgotten',
    breaks: 'records without a value are not among the records counted',
    side: 'member',
    simulated: true,
    edits: [
      {
        file: 'count/plan-batch.js',
        from: 'add(block.records, sums.records);',
        to: 'add(block.records, sums.records - sums.nullRecords);',
      },
    ],
  },
];
