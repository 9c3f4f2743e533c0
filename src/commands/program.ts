import { Command } from 'commander';
import type { CommandContext } from './context.ts';

/** The whole command line. Parsing throws CommanderError and WordcountError; nothing here exits. */
export function buildProgram(context: CommandContext, setQuiet: (quiet: boolean) => void): Command {
  const program = new Command('consumer-cluster')
    .description('A Kafka consumer-group laboratory in one process: members in worker threads, exact counts, proved.')
    .option('--quiet', 'results and errors only, no progress')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', (_, action) => {
      setQuiet(action.optsWithGlobals<{ quiet?: boolean }>().quiet === true);
    });
  void context;
  return program;
}
