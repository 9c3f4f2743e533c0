import { Option, type Command } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { BenchConfig } from '../config/bench.ts';
import { WordcountError } from '../errors.ts';
import { measureAb } from '../measure/ab.ts';
import type { Output } from '../output/output.ts';
import type { Outputs } from '../output/outputs.ts';
import type { Workload } from '../workload/workload.ts';
import { addGateOptions, printComparison } from './compare.ts';
import type { CommandContext } from './context.ts';

/** Adds --ab and the options of its verdict. */
export function addAbOptions(command: Command): Command {
  return addGateOptions(
    command.addOption(
      new Option('--ab <a,b>', 'compare two git revisions (or folders with built programs) in turns').argParser(abOf),
    ),
  );
}

function abOf(text: string): string[] {
  const revisions = text.split(',').map((part) => part.trim());
  if (revisions.length === 2 && !revisions.includes('')) return revisions;
  throw new WordcountError('usage', `--ab: '${text}' is not two revisions`, { hint: 'write --ab main,HEAD' });
}

/** What two revisions need to be told apart is pairs, more than points. */
export function withAbDefaults<Options extends object>(
  options: Options,
  isDefault: (name: string) => boolean,
): Options {
  if ((options as { readonly ab?: unknown }).ab === undefined) return options;
  return {
    ...options,
    ...(isDefault('members') ? { members: [1, 4] } : {}),
    ...(isDefault('lane') ? { lane: ['drain'] } : {}),
    ...(isDefault('repetitions') ? { repetitions: 10 } : {}),
  };
}

/** Measures and compares two revisions. @throws WordcountError of measureAb; regression, inconclusive */
export async function benchAb(
  options: {
    readonly config: BenchConfig;
    readonly revisions: readonly [a: string, b: string];
    readonly workload: Workload;
    readonly brokers: ResolvedBrokers;
    readonly outputs: Outputs;
    readonly json: Output | undefined;
  },
  context: CommandContext,
): Promise<void> {
  const { repetitions: pairs, maxRegression, alpha } = options.config;
  const comparison = await measureAb({ ...options, pairs, maxRegression, alpha }, context);
  context.endLive({ clear: true });
  await printComparison(comparison, options, context);
}
