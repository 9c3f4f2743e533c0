import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordBatch } from '../../src/workload/record-batch.ts';
import { RecordKeys, recordKeys, type KeyKind } from '../../src/workload/record-keys.ts';

const recordsMax = 20;

/** The keys that a kind gives to records, as text. */
function keysOf(kind: KeyKind, values: readonly string[], firstIndex = 0, keys = new RecordKeys(recordsMax)): string[] {
  const batch = new RecordBatch({ records: recordsMax, bytes: 1 << 20 });
  for (const value of values) {
    const bytes = Buffer.from(value);
    if (!batch.append(bytes, 0, bytes.length)) throw new Error('the batch has no room');
  }
  recordKeys[kind].fill?.(keys, batch, firstIndex);
  return values.map((_, record) =>
    keys.bytes.toString('utf8', record === 0 ? 0 : keys.ends[record - 1], keys.ends[record]),
  );
}

const text = fc.string({ unit: fc.constantFrom('a', 'é', '汉', ' ', '\t', '\n', '\0', '!') });

test('a line number is the index of the record in the workload', () => {
  const indices = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - recordsMax });
  fc.assert(
    fc.property(indices, fc.integer({ min: 0, max: recordsMax }), (firstIndex, count) => {
      const values = Array.from({ length: count }, () => 'value');
      expect(keysOf('line-number', values, firstIndex)).toEqual(values.map((_, record) => String(firstIndex + record)));
    }),
  );
});

function firstWord(value: string): string {
  const end = value.split('').findIndex((character) => character <= ' ');
  return end < 0 ? value : value.slice(0, end);
}

test('a first word is the text before the first space or control character', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: recordsMax }), (values) => {
      expect(keysOf('first-word', values)).toEqual(values.map(firstWord));
    }),
  );
});

test('keys of a batch do not depend on the batch before it', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: recordsMax }), fc.array(text, { maxLength: recordsMax }), (one, two) => {
      const keys = new RecordKeys(recordsMax);
      keysOf('first-word', one, 0, keys);
      expect(keysOf('first-word', two, 0, keys)).toEqual(keysOf('first-word', two));
    }),
  );
});

test('keys may be longer than the first buffer', () => {
  const values = ['a'.repeat(100_000), 'b'.repeat(200_000)];
  expect(keysOf('first-word', values)).toEqual(values);
});

test('records have no keys by default', () => {
  expect(recordKeys.none.fill).toBeUndefined();
});
