import { Command } from 'commander';
import { registerBench } from './bench.ts';
import { registerBrokers } from './brokers.ts';
import { registerCounts } from './counts.ts';
import { registerDoctor } from './doctor.ts';
import { registerProduce } from './produce.ts';
import { registerRun } from './run.ts';
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
  registerCounts(program, context);
  registerDoctor(program, context);
  registerProduce(program, context);
  registerRun(program, context);
  registerVerify(program, context);
  return program;
}
