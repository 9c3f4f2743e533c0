import { Command, Help } from 'commander';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { commandFiles } from '../../src/commands/command-files.ts';
import { testContext } from './command-line.ts';

const page = 'src/commands/command-summaries.ts';

interface Summary {
  readonly name: string;
  readonly term: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly file: string;
}

/** The commands as their own files declare them. */
async function declaredCommands(): Promise<Summary[]> {
  const files = Object.entries(commandFiles).map(async ([file, load]) => {
    const program = new Command();
    (await load())(program, testContext);
    // Commander does not offer the name of the default command.
    const { _defaultCommandName: byDefault } = program as unknown as { readonly _defaultCommandName: string | null };
    return program.commands.map((command) => ({
      name: command.name(),
      term: Help.prototype.subcommandTerm(command),
      description: command.description(),
      isDefault: command.name() === byDefault,
      file,
    }));
  });
  return (await Promise.all(files)).flat();
}

test('the summaries of commands equal the declarations in their files', async () => {
  const commands = await declaredCommands();
  const text = `// Generated from the declarations of the commands: npx vitest run test/commands -u
import type { CommandFile } from './command-files.ts';

/** One line of --help, without the file that declares the command. */
interface CommandSummary {
  readonly name: string;
  readonly term: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly file: CommandFile;
}

export const commandSummaries: readonly CommandSummary[] = ${JSON.stringify(commands)};
`;
  const config = await resolveConfig(page);
  await expect(await format(text, { ...config, parser: 'typescript' })).toMatchFileSnapshot(`../../${page}`);
  expect(commands.filter(({ isDefault }) => isDefault)).toHaveLength(1);
});
