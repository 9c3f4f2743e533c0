import type { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { DeclaredOption, RenamedOption } from '../../src/commands/options/add-command.ts';
import { longFlag, type Option } from '../../src/config/options/option.ts';
import { allCommands, loadedProgram } from './command-line.ts';

const page = 'docs/options.md';

const commands = allCommands((await loadedProgram()).command);
const usersOf = new Map<Option, string[]>();
for (const [words, command] of commands) {
  for (const option of declaredOptions(command)) usersOf.set(option, [...(usersOf.get(option) ?? []), words]);
}

function declaredOptions(command: Command): Option[] {
  return command.options.filter((option) => option instanceof DeclaredOption).map(({ declared }) => declared);
}

function cells({ flag, unit, allowed, choices, isRequired, defaultText, help, renamedFrom }: Option): string[] {
  const former = renamedFrom === '' ? '' : `; before 0.2 \`${longFlag(renamedFrom)}\``;
  const meaning = `${choices === '' ? help : `${help}: ${choices}`}${former}`;
  return [`\`${flag}\``, [allowed, unit].join(' ').trim(), isRequired ? 'required' : defaultText, meaning];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const titles = ['option', 'values', 'default', 'meaning'];

function ownSection([words, command]: [string, Command]): string {
  const options = declaredOptions(command);
  const own = options.filter((option) => usersOf.get(option)?.length === 1);
  const shared = options.filter((option) => !own.includes(option)).map(({ flag }) => `\`${longFlag(flag)}\``);
  const parts = [
    `## ${words === '' ? 'Every command' : words}`,
    own.length === 0 ? '' : table(titles, own.map(cells)),
    shared.length === 0 ? '' : `Shared options: ${shared.join(', ')}.`,
  ];
  return options.length === 0 ? '' : parts.filter((part) => part !== '').join('\n\n');
}

function render(): string {
  const shared = [...usersOf].filter(([, users]) => users.length > 1);
  const rows = shared.map(([option, users]) => [...cells(option), users.join(', ')]);
  return `# Options

This page is generated from the declarations of the options: \`npx vitest run test/commands/options-doc.test.ts -u\`.
A duration is written \`500ms\`, \`10s\`, \`2m\` or \`8h\`, a count \`1000\`, \`1_000\`, \`500k\` or \`10m\`, a share \`3%\` or \`0.03\`.
An option that has no effect together with the others is refused with exit code 2. An input that cannot be read, whichever option names it, ends a command with exit code 1.

${commands
  .map(ownSection)
  .filter((section) => section !== '')
  .join('\n\n')}

## Options of several commands

${table([...titles, 'commands'], rows)}
`;
}

test('docs/options.md lists every option of every command', async () => {
  const config = await resolveConfig(page);
  await expect(
    await format(render(), { ...config, parser: 'markdown', proseWrap: 'always', printWidth: 100 }),
  ).toMatchFileSnapshot(`../../${page}`);
});

test('every option of the command line comes from a declaration', () => {
  const others = commands.flatMap(([words, command]) =>
    command.options
      .filter((option) => !(option instanceof DeclaredOption || option instanceof RenamedOption))
      .map(({ flags }) => `${words} ${flags}`),
  );
  expect(others).toEqual([]);
  expect(usersOf.size).toBeGreaterThan(80);
});
