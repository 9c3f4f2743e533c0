import { bookLines } from '../../src/workload/book.ts';

/** Records in the form in which the client returns them: bytes, and rows of {start, length}. */
export interface SampleBatch {
  readonly values: Uint8Array;
  readonly rows: Float64Array;
  readonly records: number;
}

const cyrillic = ['море', 'Кит', 'корабль', 'капитан', 'и', 'не', 'Ахав', 'белый', 'сказал', 'вода', 'ещё', 'большой'];

const texts = {
  english: (value: Buffer) => value,
  mixed: (value: Buffer, record: number) => mixed(value.toString(), record),
} as const;

/** The book's lines; with `mixed`, a third of the words is Cyrillic or accented. */
export function sampleBatch(records: number, text: keyof typeof texts): SampleBatch {
  const { bytes, ends } = bookLines();
  const all = Buffer.from(bytes);
  const lines = Array.from({ length: records }, (_, record) => {
    const line = record % ends.length;
    return texts[text](all.subarray(line === 0 ? 0 : ends[line - 1], ends[line]), record);
  });
  return batchOf(lines);
}

/** A zero byte follows each value, as in the batches of the client. */
export function batchOf(lines: readonly Uint8Array[]): SampleBatch {
  const rows = new Float64Array(2 * lines.length);
  let start = 0;
  for (const [record, line] of lines.entries()) {
    rows.set([start, line.length], 2 * record);
    start += line.length + 1;
  }
  return { values: Buffer.concat(lines.flatMap((line) => [line, Buffer.alloc(1)])), rows, records: lines.length };
}

function mixed(line: string, record: number): Buffer {
  const words = line.split(' ').map((word, index) => {
    if (index % 3 !== 0) return word;
    return index % 2 === 0 ? (cyrillic[(record + index) % cyrillic.length] ?? '') : word.replace(/[aeiou]/g, 'é');
  });
  return Buffer.from(words.join(' '));
}
