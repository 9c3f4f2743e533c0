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
  const values: Buffer[] = [];
  const rows = new Float64Array(2 * records);
  let start = 0;
  for (let record = 0; record < records; record += 1) {
    const line = record % ends.length;
    const value = all.subarray(line === 0 ? 0 : ends[line - 1], ends[line]);
    const shown = texts[text](value, record);
    rows.set([start, shown.length], 2 * record);
    values.push(shown);
    start += shown.length;
  }
  return { values: Buffer.concat(values), rows, records };
}

function mixed(line: string, record: number): Buffer {
  const words = line.split(' ').map((word, index) => {
    if (index % 3 !== 0) return word;
    return index % 2 === 0 ? (cyrillic[(record + index) % cyrillic.length] ?? '') : word.replace(/[aeiou]/g, 'é');
  });
  return Buffer.from(words.join(' '));
}
