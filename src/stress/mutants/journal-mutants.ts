import type { Mutant } from './mutant.ts';

/** Bugs in journals and recoveries: what happens to a batch whose member dies while applying it. */
export const journalMutants: readonly Mutant[] = [
  {
    name: 'journal-of-deltas',
    breaks: 'the journal adds to counts instead of setting them: replaying a half-applied batch counts twice',
    side: 'both',
    simulated: true,
    judges: ['exactly-once', 'readers'],
    faults: ['crash'],
    edits: [
      { file: 'count/journal-batch.js', from: 'count += floats[(slotAt + slot.count) >> 1] ?? 0;', to: '' },
      {
        file: 'count/journal.js',
        from: 'floats[(slotAt + slot.count) >> 1] = floats[(at + entry.count) >> 1] ?? 0;',
        to: 'floats[(slotAt + slot.count) >> 1] = (floats[(slotAt + slot.count) >> 1] ?? 0) + (floats[(at + entry.count) >> 1] ?? 0);',
      },
    ],
  },
  {
    name: 'journal-sealed-too-early',
    breaks:
      'the journal is sealed before its position and length are written: a crash in between replays the previous batch',
    side: 'member',
    simulated: true,
    judges: ['order-across-owners', 'gap-free', 'exactly-once'],
    faults: ['crash'],
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
    breaks: 'the last word of a batch is not applied, although its records are marked as counted',
    side: 'member',
    simulated: true,
    judges: ['exactly-once', 'readers'],
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
    breaks: 'an applied journal stays sealed: a later crash applies it again, over newer counts',
    side: 'both',
    simulated: true,
    judges: ['order-across-owners', 'exactly-once'],
    faults: ['crash'],
    edits: [{ file: 'count/journal.js', from: 'memory.store(control.journalSealed, 0);', to: '' }],
  },
  {
    name: 'offset-before-counts',
    breaks: 'nextOffset and totals change in the active block, before the counts are written',
    side: 'member',
    simulated: true,
    judges: ['gap-free', 'exactly-once'],
    faults: ['crash'],
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
    breaks: 'the sealed batch of a dead owner is not completed: half of its counts remain',
    side: 'supervisor',
    simulated: true,
    judges: ['order-across-owners', 'exactly-once'],
    faults: ['crash'],
    edits: [
      {
        file: 'count/recovery.js',
        from: 'applyJournal(memory);',
        // Readers and the next owner must not wait for the end of that batch.
        to: 'memory.store(control.journalSealed, 0); memory.add(control.version, memory.load(control.version) % 2);',
      },
    ],
  },
  {
    name: 'unsealed-journal-replayed',
    breaks: 'recovery replays a journal that the dead owner had not finished',
    side: 'supervisor',
    simulated: true,
    judges: ['order-across-owners', 'exactly-once'],
    faults: ['crash'],
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
    breaks: 'recovery releases the lease before it has completed the batch: the next owner may start too early',
    side: 'supervisor',
    simulated: true,
    judges: ['exclusive-ownership'],
    faults: ['crash'],
    edits: [
      { file: 'count/recovery.js', from: 'memory.refresh();', to: 'memory.refresh(); freeLease(memory);' },
      { file: 'count/recovery.js', from: 'freeLease(memory);\n    return', to: 'return' },
    ],
  },
];
