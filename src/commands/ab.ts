import type { Command } from 'commander';
import { experimentConfig, newTopicOptions, planOptions, type BenchFlags } from '../config/bench.ts';
import { existingTopicRules } from '../config/bench-rules.ts';
import { benchLanes } from '../config/lanes.ts';
import { groupOptions, groupRules } from '../config/options/group-options.ts';
import { defineOption, type FlagsOf } from '../config/options/option.ts';
import { noEffect } from '../config/options/rules.ts';
import { someOf } from '../config/options/values.ts';
import { workloadRules } from '../config/options/workload-options.ts';
import { Outputs } from '../output/outputs.ts';
import { chooseWorkload } from '../workload/choose-workload.ts';
import { benchAb, findSources, parseRevisions } from './bench-ab.ts';
import { jsonReportOption } from './bench-results.ts';
import { verdictOptions } from './compare.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { withBrokers } from './with-brokers.ts';

const { topic, members, repetitions, workUs } = planOptions;
const { drain, work } = benchLanes;

const abCommandOptions = {
  topic,
  members: { ...members, defaultText: '1,4' },
  repetitions: { ...repetitions, help: 'pairs of measurements', defaultText: '10' },
  lane: defineOption({
    flag: '--lane <list>',
    help: 'what is measured',
    value: someOf({ drain, work }),
    default: ['drain'],
  }),
  workUs,
  ...verdictOptions,
  json: { ...jsonReportOption, help: 'write the comparison; - is stdout, without the table' },
  ...newTopicOptions,
  ...connectionOptions,
  ...groupOptions,
};
type AbFlags = FlagsOf<typeof abCommandOptions>;

export function registerAb(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'ab',
    description:
      'Compares the speed of two revisions of this program, measured alternately. The exit code is the verdict.',
    arguments: { '<a,b>': 'two git revisions, or folders with built programs' },
    options: abCommandOptions,
    rules: [
      ...connectionRules,
      ...groupRules,
      ...workloadRules,
      ...existingTopicRules,
      noEffect<Pick<BenchFlags, 'workUs'> & AbFlags>(
        ['workUs'],
        'without --lane work',
        ({ lane }) => !lane.includes('work'),
      ),
    ],
    helpText,
    run: (flags, [revisions = '']) => ab(flags, parseRevisions('ab', revisions), context),
  });
}

async function ab(flags: AbFlags, revisions: readonly [a: string, b: string], context: CommandContext): Promise<void> {
  const { lane, maxRegression, alpha } = flags;
  const plan = { members: flags.members ?? [1, 4], repetitions: flags.repetitions ?? 10 };
  const config = { ...experimentConfig(flags, plan), lane, maxRegression, alpha };
  // Invalid input is reported before any broker is started or contacted.
  const sources = await findSources(revisions);
  const workload = await chooseWorkload(flags);
  const outputs = new Outputs(context);
  const json = await outputs.plan('--json', flags.json);
  await withBrokers(flags, context, (brokers) =>
    benchAb({ config, sources, workload, brokers, outputs, json }, context),
  );
}

const helpText = `Measures the revisions alternately on the same brokers and topic: --repetitions pairs, five runs each
of lane drain. Like compare it reports whether the second is slower, by --max-regression and
--alpha.

Exit codes: 0 passed · 4 regression · 5 inconclusive

Examples:
  consumer-cluster ab main,HEAD --members 1 --num-records 500k
  consumer-cluster ab origin/main,HEAD --lane work --json ab.json`;
