import { z } from 'zod';
import { withoutByteOrderMark } from '../config/byte-order-mark.ts';
import { ClusterError } from '../errors.ts';

const coverage = z.object({
  topic: z.string(),
  topicId: z.string().optional(),
  ranges: z.array(
    z.object({
      partition: z.int().min(0),
      begin: z.int().min(0),
      end: z.int().min(0),
      records: z.int().min(0),
    }),
  ),
});

/** `counts` writes it when --top has cut words off. */
const cut = z.object({ top: z.int().min(1) });

/** Which records were counted. */
export type Coverage = z.infer<typeof coverage>;

export interface CountsFile {
  /** Words in the file's order, repeated words included. */
  readonly counts: readonly (readonly [word: string, count: number])[];
  /** Undefined in files of other tools and of versions before 0.2. */
  readonly coverage: Coverage | undefined;
}

/**
 * Parses a file of counts. The file is TSV (word, tab and count per line, with # comments), or JSON
 * with `counts` as [word, count] pairs, as `counts` writes them, or an object of counts by word.
 * @param name - the file's name, for errors
 * @throws ClusterError input, naming file, flag and line; also when it does not hold all words
 */
export function parseCountsFile(content: string, name: string): CountsFile {
  const text = withoutByteOrderMark(content);
  return text.trimStart().startsWith('{') ? parseJson(text, name) : parseTsv(text, name);
}

function parseTsv(text: string, name: string): CountsFile {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const comments = lines.filter((line) => line.startsWith('#'));
  const counts = lines.flatMap((line, index): [string, number][] => {
    if (line.startsWith('#')) return [];
    const [, word, digits] = /^([^\t]+)\t(\d+)\r?$/.exec(line) ?? [];
    const count = Number(digits);
    if (word !== undefined && Number.isSafeInteger(count)) return [[word, count]];
    throw new ClusterError('input', `${name} line ${index + 1} is not of the form word, tab, count (--counts)`, {
      hint: 'write such a file with `consumer-cluster counts --format tsv --output FILE`',
    });
  });
  const [found] = comments.flatMap((line) => {
    const facts = factsIn(line.slice(1));
    requireAllWords(facts, name);
    return coverage.safeParse(facts).data ?? [];
  });
  return { counts, coverage: found };
}

/** @returns undefined for a comment that another tool wrote */
function factsIn(comment: string): unknown {
  try {
    return JSON.parse(comment);
  } catch {
    return undefined;
  }
}

/** @throws ClusterError input when the file says that --top has cut words off */
function requireAllWords(facts: unknown, name: string): void {
  const top = cut.safeParse(facts).data?.top;
  if (top === undefined) return;
  const words = top === 1 ? 'most frequent word' : `${top} most frequent words`;
  throw new ClusterError('input', `${name} holds only the ${words} (--top)`, {
    hint: 'write the file again with `consumer-cluster counts` without --top',
  });
}

function parseJson(text: string, name: string): CountsFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notCounts(name, error);
  }
  if (hasCounts(parsed)) requireAllWords(parsed, name);
  const counts = hasCounts(parsed) ? parsed.counts : parsed;
  const pairs: unknown[] = Array.isArray(counts) ? counts : Object.entries(counts ?? {});
  return {
    counts: pairs.map((pair) => {
      if (isCount(pair)) return [pair[0], pair[1]];
      throw notCounts(name);
    }),
    coverage: hasCounts(parsed) ? coverage.safeParse(parsed).data : undefined,
  };
}

function hasCounts(value: unknown): value is { readonly counts: object } {
  return typeof value === 'object' && value !== null && 'counts' in value && typeof value.counts === 'object';
}

function isCount(pair: unknown): pair is readonly [string, number] {
  return Array.isArray(pair) && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]);
}

function notCounts(name: string, cause?: unknown): ClusterError {
  return new ClusterError('input', `${name} is not a JSON object of counts by word (--counts)`, {
    hint: 'write such a file with `consumer-cluster counts --format json --output FILE`',
    cause,
  });
}
