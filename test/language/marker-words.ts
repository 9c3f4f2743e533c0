import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that mark text which reads like a translation, each with a plainer replacement. */
const markerWords: readonly { readonly pattern: RegExp; readonly write: string }[] = [
  { pattern: /\b(?:tells?|told)\b/, write: 'reports, prints, returns, receives' },
  { pattern: /\b(?:nobody|whoever|whomever|somebody else)\b/, write: 'no member, any caller, another member' },
  { pattern: /\banew\b/, write: 'again, recreated' },
  { pattern: /\bhears?\b/, write: 'receives a response, learns' },
  { pattern: /\bstands\b/, write: 'is, is paused' },
  { pattern: /\bgoes (?:on|away)\b/, write: 'continues, is removed' },
  { pattern: /\b(?:gives? back|gave back|lets? go of)\b/, write: 'releases, revokes' },
  { pattern: /\b(?:takes?|took|taken) (?:\w+ )?for (?:a|an|the|one|stuck|dead)\b/, write: 'treats as, assumes' },
  { pattern: /\bis no\b/, write: 'is not a' },
  { pattern: /\bthere (?:is|are) none\b/, write: 'none found' },
  { pattern: /\b(?:by itself|of its own)\b/, write: 'automatically, separate' },
  { pattern: /\b(?:so many|as many as)\b/, write: 'the given number, up to' },
  { pattern: /\bmoments?\b/, write: 'timestamp, time' },
  { pattern: /\byardstick\b/, write: 'not suitable for benchmarking' },
  { pattern: /\bkept up\b/, write: 'background brokers' },
];

/** Phrases that contain a marker word and are plain English all the same. */
const allowed =
  /\bthere is no\b(?!ne)|\bis no (?:longer|more than|less than)\b|\bat least as many as\b|\bas many as possible\b/gi;

export const places = ['src', 'setup', 'bench', 'test', 'docs', 'README.md', 'CHANGELOG.md'] as const;
export type Place = (typeof places)[number];

export interface Finding {
  readonly place: Place;
  readonly word: string;
  readonly write: string;
  /** `file:line`. */
  readonly at: string;
}

/** All marker words of the project, in the order of places, files and lines. */
export function findMarkerWords(): Finding[] {
  return places.flatMap((place) => filesOf(place).flatMap((file) => findingsIn(place, file)));
}

function filesOf(place: Place): string[] {
  if (place.endsWith('.md')) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|js|md)$/.test(name))
    .map((name) => join(place, name))
    .filter((name) => !name.startsWith(join('test', 'language')))
    .sort();
}

function findingsIn(place: Place, file: string): Finding[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      markerWordsIn(line).map(({ word, write }) => ({ place, word, write, at: `${file}:${index + 1}` })),
    );
}

/** The marker words of a text, in the order of `markerWords`, and what to write instead. */
export function markerWordsIn(text: string): { readonly word: string; readonly write: string }[] {
  const judged = text.replaceAll(allowed, '');
  return markerWords.flatMap(({ pattern, write }) =>
    Array.from(judged.matchAll(new RegExp(pattern, 'gi')), ([word]) => ({ word: word.toLowerCase(), write })),
  );
}
