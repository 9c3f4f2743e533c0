import { withoutByteOrderMark } from '../config/byte-order-mark.ts';
import { WordcountError } from '../errors.ts';

/**
 * Reads a file of counts: TSV of word, tab, count a line; or JSON with `counts` as [word, count] pairs, as `counts`
 * writes them, or an object of counts by word. Words come in the file's order, and as often as there.
 * @param name - of the file, for errors
 * @throws WordcountError input, naming file, flag and line
 */
export function parseCountsFile(content: string, name: string): [word: string, count: number][] {
  const text = withoutByteOrderMark(content);
  return text.trimStart().startsWith('{') ? parseJson(text, name) : parseTsv(text, name);
}

function parseTsv(text: string, name: string): [string, number][] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const [, word, digits] = /^([^\t]+)\t(\d+)\r?$/.exec(line) ?? [];
    const count = Number(digits);
    if (word !== undefined && Number.isSafeInteger(count)) return [word, count];
    throw new WordcountError('input', `${name} line ${index + 1} is not word, tab, count (--counts)`, {
      hint: '`consumer-cluster counts --format tsv --output FILE` writes such a file',
    });
  });
}

function parseJson(text: string, name: string): [string, number][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notCounts(name, error);
  }
  const counts = hasCounts(parsed) ? parsed.counts : parsed;
  const pairs: unknown[] = Array.isArray(counts) ? counts : Object.entries(counts ?? {});
  return pairs.map((pair) => {
    if (isCount(pair)) return [pair[0], pair[1]];
    throw notCounts(name);
  });
}

function hasCounts(value: unknown): value is { readonly counts: object } {
  return typeof value === 'object' && value !== null && 'counts' in value && typeof value.counts === 'object';
}

function isCount(pair: unknown): pair is readonly [string, number] {
  return Array.isArray(pair) && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]);
}

function notCounts(name: string, cause?: unknown): WordcountError {
  return new WordcountError('input', `${name} is not JSON with counts by word (--counts)`, {
    hint: '`consumer-cluster counts --format json --output FILE` writes such a file',
    cause,
  });
}
