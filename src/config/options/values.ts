import { ClusterError } from '../../errors.ts';
import { namesOf } from '../names-of.ts';
import { parseChoice, parseChoices, parseCount, parseCounts, parseDurationMs, parseShare } from '../units.ts';
import type { ValueKind } from './option.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Any text except the empty one. */
export const anyText: ValueKind<string> = {
  parse: (flag, text) => {
    if (text !== '') return text;
    throw new ClusterError('usage', `${flag}: the value is empty`, {
      hint: `pass ${flag} with a value or leave it out`,
    });
  },
  allowed: '',
  show: (text) => text,
};

/** A whole number: `1000`, `1_000`, `500k` or `10m`. Both ends are allowed values. */
export function countFrom(min: number, max: number): ValueKind<number> {
  return {
    parse: (flag, text) => parseCount(flag, text, { min, max }),
    allowed: rangeText({ min, max }),
    show: String,
  };
}

/** Whole numbers separated by commas, each once. */
export function countsFrom(min: number, max: number): ValueKind<readonly number[]> {
  return {
    parse: (flag, text) => parseCounts(flag, text, { min, max }),
    allowed: `list of ${rangeText({ min, max })}`,
    show: (counts) => counts.join(),
  };
}

/** A duration; its flag is in milliseconds. */
export function durationFrom({ min, max }: Range): ValueKind<number> {
  return {
    parse: (flag, text) => {
      const valueMs = parseDurationMs(flag, text);
      if (valueMs >= min && valueMs <= max) return valueMs;
      throw new ClusterError(
        'usage',
        `${flag}: '${text}' is not a duration from ${durationText(min)} to ${durationText(max)}`,
      );
    },
    allowed: `${durationText(min)} to ${durationText(max)}`,
    show: durationText,
  };
}

/** Any duration above 0; its flag is in milliseconds. */
export const anyDuration: ValueKind<number> = { parse: parseDurationMs, allowed: 'duration', show: durationText };

/** A percentage `3%` or a share `0.03`; the flag is a share. Both ends are allowed values. */
export function shareFrom(min: number, max: number): ValueKind<number> {
  return {
    parse: (flag, text) => parseShare(flag, text, { min, max }),
    allowed: `${100 * min}% to ${100 * max}%`,
    show: (share) => `${100 * share}%`,
  };
}

/** Names, each with a help text, or with an entry that contains one. */
type Table<Name extends string> = Readonly<Record<Name, string | { readonly help: string }>>;

/** One name of a table. */
export function oneOf<Name extends string>(table: Table<Name>): ValueKind<Name> {
  const names = namesOf(table);
  return {
    parse: (flag, text) => parseChoice(flag, text, names),
    allowed: names.join(', '),
    choices: explained(table),
    show: String,
  };
}

/** Names of a table separated by commas, each once. */
export function someOf<Name extends string>(table: Table<Name>): ValueKind<readonly Name[]> {
  const names = namesOf(table);
  return {
    parse: (flag, text) => parseChoices(flag, text, names),
    allowed: `list of ${names.join(', ')}`,
    choices: explained(table),
    show: (chosen) => chosen.join(),
  };
}

/** One of a list of names that need no explanation. */
export function oneOfList<Name extends string>(names: readonly Name[]): ValueKind<Name> {
  const list = names.join(', ');
  return { parse: (flag, text) => parseChoice(flag, text, names), allowed: list, choices: list, show: String };
}

/**
 * Names of a long list separated by commas, each once.
 * @param where - completes "pass …": where the names are listed, or the names
 */
export function someOfList<Name extends string>(names: readonly Name[], where: string): ValueKind<readonly Name[]> {
  const known: ReadonlySet<string> = new Set(names);
  return {
    parse: (flag, text) => {
      const unknown = text.split(',').find((word) => !known.has(word.trim()));
      if (unknown === undefined) return parseChoices(flag, text, names);
      throw new ClusterError('usage', `${flag}: unknown name '${unknown.trim()}'`, { hint: `pass ${where}` });
    },
    allowed: where,
    show: (chosen) => chosen.join(),
  };
}

function explained<Name extends string>(table: Table<Name>): string {
  const texts = namesOf(table).map((name) => {
    const entry = table[name];
    return `${name} (${typeof entry === 'string' ? entry : entry.help})`;
  });
  return texts.join(', ');
}

function rangeText({ min, max }: Range): string {
  return `${min} to ${max.toLocaleString('en-US').replaceAll(',', '_')}`;
}

function durationText(valueMs: number): string {
  for (const [unit, unitMs] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (valueMs % unitMs === 0) return `${valueMs / unitMs}${unit}`;
  }
  return `${valueMs}ms`;
}
