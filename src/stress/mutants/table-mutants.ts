import type { Mutant } from './mutant.ts';

/** Bugs in tables: their readers, their growth, their words. */
export const tableMutants: readonly Mutant[] = [
  {
    name: 'version-stays-even',
    breaks: 'the version stays even while slots are written: readers copy half a batch',
    side: 'member',
    simulated: true,
    judges: ['readers'],
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
    breaks: 'a reader keeps its copy without checking whether a batch was applied meanwhile',
    side: 'supervisor',
    simulated: true,
    judges: ['readers'],
    edits: [
      {
        file: 'count/table-reader.js',
        from: 'return complete && memory.add(control.version, 0) === version ? snapshot : undefined;',
        to: 'return complete ? snapshot : undefined;',
      },
    ],
  },
  {
    name: 'version-by-store',
    breaks: 'the version becomes odd by a plain store, which later stores to slots may overtake',
    side: 'member',
    simulated: true,
    hiddenByX86: true,
    judges: ['readers'],
    edits: [
      {
        file: 'count/journal.js',
        from: 'memory.add(control.version, 1);\n    writeSlots(',
        to: 'memory.store(control.version, memory.load(control.version) + 1);\n    writeSlots(',
      },
    ],
  },
  {
    name: 'reader-checks-by-load',
    breaks: 'the final version check is a plain load, which may be reordered before the reads of slots',
    side: 'supervisor',
    simulated: true,
    hiddenByX86: true,
    judges: ['readers'],
    edits: [
      {
        file: 'count/table-reader.js',
        from: 'return complete && memory.add(control.version, 0) === version',
        to: 'return complete && memory.load(control.version) === version',
      },
    ],
  },
  {
    name: 'growth-forgets-a-slot',
    breaks: 'words whose search starts at the last slot are lost when a table grows',
    side: 'member',
    simulated: true,
    judges: ['exactly-once', 'readers'],
    edits: [
      {
        file: 'count/gradual-growth.js',
        from: 'copySlots(memory, from, filled, 0, 2 ** from.log2);',
        to: 'copySlots(memory, from, filled, 0, 2 ** from.log2 - 1);',
      },
    ],
  },
  {
    name: 'old-slots-reused-at-once',
    breaks: 'keys of the batch that grows a table overwrite its old slots, which are valid until the batch is applied',
    side: 'member',
    simulated: true,
    judges: ['exactly-once', 'readers'],
    faults: ['crash'],
    edits: [
      {
        file: 'count/free-memory.js',
        from: 'this.#freed.push({ at, end });',
        to: 'this.#extents.unshift({ at, end });',
      },
    ],
  },
  {
    name: 'keys-compared-by-hash',
    breaks: 'two words with the same hash are counted as one',
    side: 'member',
    simulated: true,
    judges: ['exactly-once'],
    faults: ['poison'],
    edits: [
      {
        file: 'count/keys.js',
        from: 'if (right[rightAt] !== length)',
        to: 'return true;\n    if (right[rightAt] !== length)',
      },
    ],
  },
  ...[
    { name: 'null-total-forgotten', total: 'nullRecords', faults: ['poison'] },
    { name: 'bytes-total-forgotten', total: 'bytes', faults: ['stall'] },
    { name: 'words-total-forgotten', total: 'words', faults: ['stall'] },
  ].map(({ name, total, faults }): Mutant => ({
    name,
    breaks: `the total ${total} of a table does not change`,
    side: 'member',
    simulated: true,
    judges: ['exactly-once'],
    faults,
    edits: [{ file: 'count/plan-batch.js', from: `add(block.${total}, sums.${total});`, to: '' }],
  })),
  {
    name: 'null-records-forgotten',
    breaks: 'records without a value are not included in the record count',
    side: 'member',
    simulated: true,
    judges: ['exactly-once'],
    faults: ['poison'],
    edits: [
      {
        file: 'count/plan-batch.js',
        from: 'add(block.records, sums.records);',
        to: 'add(block.records, sums.records - sums.nullRecords);',
      },
    ],
  },
];
