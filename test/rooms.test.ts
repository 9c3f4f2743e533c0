import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';

/** A row of rooms.json, from which .dependency-cruiser.cjs derives the import rules. */
interface Room {
  readonly startAt: string;
  readonly holds: string;
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

const page = 'docs/architecture.md';
const rooms = JSON.parse(readFileSync('rooms.json', 'utf8')) as Readonly<Record<string, Room>>;
const names = Object.keys(rooms);
/** Rooms within rooms come first, so that a file belongs to the innermost one. */
const innermostFirst = names.toSorted((a, b) => b.length - a.length);
const roomsMax = 20;

/** @param file - relative to src/ */
function roomOf(file: string): string {
  return innermostFirst.find((room) => file === room || file.startsWith(`${room}/`)) ?? `no room: ${file}`;
}

function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport\()'(?<path>\.[^']+)'/g);
  return Array.from(specifiers, ({ groups }) => relative('src', join(dirname(file), groups?.['path'] ?? '')));
}

const arrows = new Map(names.map((room) => [room, new Set<string>()]));
for (const file of globSync('src/**/*.ts', { exclude: ['src/count/assembly/**'] })) {
  const room = roomOf(relative('src', file));
  for (const imported of importsOf(file).map(roomOf)) if (imported !== room) arrows.get(room)?.add(imported);
}

test('every entry of src/ is a room, and there are at most 20 folders', () => {
  const entries = readdirSync('src', { withFileTypes: true });
  expect(names.filter((name) => !name.includes('/')).sort()).toEqual(entries.map(({ name }) => name).sort());
  expect(entries.filter((entry) => entry.isDirectory()).length).toBeLessThanOrEqual(roomsMax);
});

test.each(names)('%s: rooms.json lists exactly the rooms that it imports', (room) => {
  expect(rooms[room]?.imports).toEqual([...(arrows.get(room) ?? [])].sort());
});

test('every room has a file to start at', () => {
  const missing = Object.entries(rooms).filter(([name, { startAt }]) => {
    return !existsSync(startAt) || roomOf(relative('src', startAt)) !== name;
  });
  expect(missing).toEqual([]);
});

/** Names the rooms that are not importers where those are fewer. */
function importersOf(room: string): string {
  const importers = names.filter((name) => rooms[name]?.imports.includes(room));
  const others = names.filter((name) => name !== room && !importers.includes(name));
  if (importers.length === 0) return 'none';
  const list = (listed: readonly string[]): string => listed.map((name) => `\`${name}\``).join(', ');
  return importers.length <= others.length ? list(importers) : `all but ${list(others)}`;
}

function render(): string {
  const rows = Object.entries(rooms).map(([name, { startAt, holds }]) => {
    const path = name.endsWith('.ts') ? `src/${name}` : `src/${name}/`;
    return `| \`${path}\` | ${startAt === path ? 'itself' : `\`${startAt}\``} | ${holds} | ${importersOf(name)} |`;
  });
  const table = ['| room | start at | what it holds | imported by |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const region = /(?<=<!-- rooms: .*? -->\n).*?(?=<!-- end of rooms -->)/s;
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(region);
  return text.replace(region, () => `\n${table}\n\n`);
}

test('docs/architecture.md shows the rooms of rooms.json and who imports them', async () => {
  const config = await resolveConfig(page);
  await expect(await format(render(), { ...config, filepath: page })).toMatchFileSnapshot(`../${page}`);
});
