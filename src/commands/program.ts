import { Command } from 'commander';
import { WordcountError } from '../errors.ts';
import { registerBench } from './bench.ts';
import { registerBrokers } from './brokers.ts';
import { registerCompare } from './compare.ts';
import { registerCounts } from './counts.ts';
import { registerDoctor } from './doctor.ts';
import { registerProduce } from './produce.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerStress } from './stress.ts';
import { registerVerify } from './verify.ts';
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
  registerBench(program, context);
  registerBrokers(program, context);
  registerCompare(program, context);
  registerCounts(program, context);
  registerDoctor(program, context);
  registerProduce(program, context);
  registerReport(program, context);
  registerRun(program, context);
  registerStress(program, context);
  registerVerify(program, context);
  return program;
}

/**
 * A first word that is no command would be taken for an argument of the default one.
 * @throws WordcountError usage
 */
export function checkCommandName(program: Command, name: string | undefined): void {
  const names = program.commands.map((command) => command.name());
  if (name === undefined || name.startsWith('-') || name === 'help' || names.includes(name)) return;
  throw new WordcountError('usage', `there is no command '${name}'`, { hint: `choose one of ${names.join(', ')}` });
}
