import { Command } from 'commander';
import { defineSwitch } from '../config/options/option.ts';
import { ClusterError } from '../errors.ts';
import { registerAb } from './ab.ts';
import { registerBench } from './bench.ts';
import { registerBrokers } from './brokers.ts';
import { registerCompare } from './compare.ts';
import { registerCounts } from './counts.ts';
import { registerDoctor } from './doctor.ts';
import { addOptions } from './options/add-command.ts';
import { registerExperiments } from './experiments.ts';
import { registerProduce } from './produce.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerStress } from './stress.ts';
import { registerVerify } from './verify.ts';
import type { CommandContext } from './context.ts';

const globalOptions = { quiet: defineSwitch({ flag: '--quiet', help: 'print results and errors only, no progress' }) };

/**
 * The whole command line. Parsing throws CommanderError and ClusterError; this code never exits.
 */
export function buildProgram(context: CommandContext, setQuiet: (quiet: boolean) => void): Command {
  const program = new Command('consumer-cluster')
    .description(
      'A Kafka consumer-group laboratory in one process: members in worker threads, exact and verified counts.',
    )
    .exitOverride()
    .showHelpAfterError('hint: pass --help to list commands and options')
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', (_, action) => {
      setQuiet(action.optsWithGlobals<{ quiet?: boolean }>().quiet === true);
    });
  addOptions(program, globalOptions);
  registerBench(program, context);
  registerExperiments(program, context);
  registerAb(program, context);
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
 * Commander would treat an unknown first word as an argument of the default command.
 * @throws ClusterError usage
 */
export function checkCommandName(program: Command, name: string | undefined): void {
  const names = program.commands.map((command) => command.name());
  if (name === undefined || name.startsWith('-') || name === 'help' || names.includes(name)) return;
  throw new ClusterError('usage', `unknown command '${name}'`, { hint: `pass one of ${names.join(', ')}` });
}
