import { Command, CommanderError, Help } from 'commander';
import { defineSwitch } from '../config/options/option.ts';
import { programVersion } from '../config/program-version.ts';
import { ClusterError } from '../errors.ts';
import { commandFiles, type CommandFile } from './command-files.ts';
import { commandSummaries } from './command-summaries.ts';
import type { CommandContext } from './context.ts';
import { addOptions } from './options/add-command.ts';

const globalOptions = {
  quiet: defineSwitch({ flag: '--quiet', help: 'print results and errors only, no progress' }),
  version: defineSwitch({ flag: '-V, --version', help: 'print the version' }),
};

const helpText = `A count is written 1000, 1_000, 500k or 10m; a duration 500ms, 10s, 2m or 8h; a share 3% or 0.03.`;

/** The whole command line. Only the file of the chosen command is loaded. */
export class Program {
  readonly command: Command;
  readonly #context: CommandContext;
  readonly #loaded = new Set<CommandFile>();

  constructor(context: CommandContext, setQuiet: (quiet: boolean) => void) {
    this.#context = context;
    const terms = new Map<string, string>(commandSummaries.map(({ name, term }) => [name, term]));
    const isOwn = (command: Command): boolean => command.parent === this.command;
    this.command = new Command('consumer-cluster')
      .description(
        'A Kafka consumer-group laboratory in one process: members in worker threads, exact and verified counts.',
      )
      .exitOverride()
      .showHelpAfterError('hint: pass --help to list commands and options')
      .configureHelp({
        // The longest options leave 36 columns of a terminal of 80; below 40, Commander would not wrap.
        minWidthToWrap: 30,
        showGlobalOptions: true,
        // A command that is not loaded has no options and no arguments.
        subcommandTerm: (command) =>
          (isOwn(command) ? terms.get(command.name()) : undefined) ?? Help.prototype.subcommandTerm(command),
      })
      .hook('preSubcommand', (_, command) => this.#load(command.name()))
      .hook('preAction', (_, action) => {
        setQuiet(action.optsWithGlobals<{ quiet?: boolean }>().quiet === true);
      });
    addOptions(this.command, globalOptions);
    this.command.addHelpText('after', `\n${helpText}`);
    this.command.on('option:version', () => {
      context.result(programVersion());
      throw new CommanderError(0, 'commander.version', 'version');
    });
    for (const { name, description, isDefault } of commandSummaries) {
      this.command.command(name, { isDefault }).description(description);
    }
  }

  /**
   * Parses the arguments and runs the command; never exits.
   * @param words - the arguments, without program and script
   * @throws CommanderError, ClusterError
   */
  async run(words: readonly string[]): Promise<void> {
    const [first, second = ''] = words;
    this.#checkName(first);
    // Commander prints `help NAME` without choosing the command.
    if (first === 'help') await this.#load(second);
    await this.command.parseAsync(words, { from: 'user' });
  }

  /** Loads every command, for callers that inspect the command line. */
  async loadAll(): Promise<this> {
    for (const { name } of commandSummaries) await this.#load(name);
    return this;
  }

  async #load(name: string): Promise<void> {
    const file = commandSummaries.find((summary) => summary.name === name)?.file;
    if (file === undefined || this.#loaded.has(file)) return;
    this.#loaded.add(file);
    const register = await commandFiles[file]();
    register(this.command, this.#context);
  }

  /** Commander would treat an unknown first word as an argument of the default command. */
  #checkName(name: string | undefined): void {
    const names = this.command.commands.map((command) => command.name());
    if (name === undefined || name.startsWith('-') || name === 'help' || names.includes(name)) return;
    throw new ClusterError('usage', `unknown command '${name}'`, { hint: `pass one of ${names.join(', ')}` });
  }
}
