import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bookLines } from '../../src/workload/book.ts';

/** Lines of one script, and where they come from. */
interface ScriptText {
  readonly script: string;
  readonly source: string;
  readonly lines: readonly Uint8Array[];
}

const require = createRequire(import.meta.url);
const lineCharactersMax = 69;
const generatedWords = 40_000;
const vocabularyWords = 5000;
/** Words with ASCII letters are names and placeholders, the same in all languages. */
const hasAscii = /[A-Za-z0-9{}]/;
const asciiRuns = /[!-~ ]+/g;

/**
 * English is the book's. Real text of other scripts is that of translated messages in packages of
 * this repository. None of them has enough Arabic or Hindi, so these words are generated.
 */
export function scriptTexts(): ScriptText[] {
  const compiler = (language: string): string[] =>
    textsOf(join(dirname(require.resolve('typescript')), language, 'diagnosticMessages.generated.json'));
  const axe = (language: string): string[] => textsOf(require.resolve(`axe-core/locales/${language}.json`));
  const compilerMessages = "TypeScript's messages";
  return [
    { script: 'English', source: 'Moby-Dick', lines: englishLines() },
    { script: 'Cyrillic', source: compilerMessages, lines: wrap(foreignWords(compiler('ru'))) },
    { script: 'Greek', source: "axe-core's messages", lines: wrap(foreignWords(axe('el'))) },
    { script: 'accented Latin (Czech)', source: compilerMessages, lines: wrap(spacedWords(compiler('cs'))) },
    { script: 'accented Latin (French)', source: compilerMessages, lines: wrap(spacedWords(compiler('fr'))) },
    { script: 'Japanese', source: compilerMessages, lines: sentences(compiler('ja')) },
    { script: 'Chinese', source: compilerMessages, lines: sentences(compiler('zh-cn')) },
    { script: 'Arabic', source: 'generated', lines: wrap(generated(arabicWord, ['،', '.', '؟'])) },
    { script: 'Hindi', source: 'generated', lines: wrap(generated(hindiWord, ['।', ','])) },
  ];
}

function englishLines(): Uint8Array[] {
  const { bytes, ends } = bookLines();
  return Array.from(ends.subarray(0, 10_000), (end, line) => bytes.subarray(line === 0 ? 0 : ends[line - 1], end));
}

/** All strings of a JSON file, in an order that has no similar ones next to each other. */
function textsOf(file: string): string[] {
  const texts = stringsIn(JSON.parse(readFileSync(file, 'utf8')));
  const step = 7919;
  return texts.map((_, index) => texts[(index * step) % texts.length] ?? '');
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function spacedWords(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '' && !word.includes('{'));
}

function foreignWords(texts: readonly string[]): string[] {
  return spacedWords(texts).filter((word) => !hasAscii.test(word));
}

/** Each text is a line, because these scripts have no spaces; ASCII in it becomes one space. */
function sentences(texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => Buffer.from(text.replace(asciiRuns, ' ').trim())).filter(({ length }) => length > 6);
}

function wrap(words: readonly string[]): Uint8Array[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > lineCharactersMax) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text) => Buffer.from(text));
}

/** A sequence that is the same in every run: mulberry32. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

/** Letters at the front of the list are more frequent. */
function letterOf(letters: string, random: Random): string {
  return letters[Math.floor(random() * random() * letters.length)] ?? '';
}

/** 2 to 9 letters, 5.5 on average. */
function arabicWord(random: Random): string {
  const length = 2 + Math.floor((random() + random()) * 4);
  return Array.from({ length }, () => letterOf('الينمرتوبةعدسفهكقحجشطصخضذغثئزءأإؤىظآ', random)).join('');
}

/** 2 to 8 consonants and vowel signs, 5 on average, each three bytes. */
function hindiWord(random: Random): string {
  const length = 2 + Math.floor((random() + random()) * 3.5);
  return Array.from({ length }, (_, index) =>
    index % 2 === 0 || random() < 0.4
      ? letterOf('करनसतमहपयलवदजगबशटचभथणधखडषफघछठढझञङ', random)
      : letterOf('ाेि्ीोंुैूौँृ', random),
  ).join('');
}

/** Words of a vocabulary, the shorter ones more frequent (Zipf); every tenth ends a clause. */
function generated(makeWord: (random: Random) => string, clauseEnds: readonly string[]): string[] {
  const random = numbersFrom(1);
  const vocabulary = new Set<string>();
  while (vocabulary.size < vocabularyWords) vocabulary.add(makeWord(random));
  const byLength = [...vocabulary].sort((one, other) => one.length - other.length);
  return Array.from({ length: generatedWords }, () => {
    const word = byLength[Math.floor(vocabularyWords ** random()) - 1] ?? '';
    return random() < 0.1 ? word + (clauseEnds[Math.floor(random() * clauseEnds.length)] ?? '') : word;
  });
}
