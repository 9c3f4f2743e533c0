import { brokersDecide, protocolNames } from '../config/group-protocols.ts';
import { defineOption, defineSwitch, type FlagsOf } from '../config/options/option.ts';
import { noEffect, onlyOne, type Rule } from '../config/options/rules.ts';
import { sessionTimeoutOption } from '../config/options/group-options.ts';
import { anyDuration, anyText, countFrom, oneOf, oneOfList, someOfList } from '../config/options/values.ts';
import { allFaultKinds } from '../stress/faults/all-faults.ts';
import { mockPartitions } from '../kafka/kafkajs/create-topic.ts';
import { mutants } from '../stress/mutants/mutant-list.ts';
import { possibleProtocols, shapes, stressModes } from '../stress/run-plan.ts';
import { possibleKinds } from '../stress/run-resources.ts';
import { processRate } from '../stress/processes/process-plan.ts';
import { planDefaults, runMsMax, type PlanWishes } from '../stress/stress-plans.ts';
import { connectionOptions, connectionRules } from './options/connection-options.ts';
import { anyFaultKinds, brokerSourceOf, faultRules } from './stress-fault-rules.ts';
import { processRules } from './stress-process-rules.ts';

export const historyFolder = 'stress-history';
/** The mutants of --self-test. */
export const triedMutants = mutants.filter(
  ({ hiddenByX86, simulationOnly }) => !(hiddenByX86 ?? simulationOnly ?? false),
);
const mutantNames = triedMutants.map(({ name }) => name);

const ofShapes = (name: keyof (typeof shapes)[number]): string =>
  `${shapes.map((shape) => shape[name]).join(' and ')} in turn`;

/** The options of `stress`. */
export const stressOptions = {
  seed: defineOption({
    flag: '--seed <number>',
    help: 'seed of the first run; each further run uses the next number',
    value: countFrom(0, 2 ** 31),
    default: 1,
  }),
  runs: defineOption({
    flag: '--runs <count>',
    help: 'number of runs; growth of memory, threads and files is checked with 7 runs or more',
    value: countFrom(1, 1_000_000),
    default: 1,
  }),
  duration: defineOption({
    flag: '--duration <duration>',
    help: 'duration of one run; above 10m, of all runs together, as with --soak',
    value: anyDuration,
    defaultText: `${planDefaults.durationMs / 1_000}s`,
  }),
  soak: defineSwitch({ flag: '--soak', help: '--duration is the time for all runs, one after the other' }),
  faults: defineOption({
    flag: '--faults <kind,...>',
    help: 'kinds of faults, see below',
    value: someOfList(anyFaultKinds, 'kinds listed by `stress --help`'),
    defaultText: 'all that the brokers allow',
  }),
  scenario: defineOption({
    flag: '--scenario <file>',
    help: 'faults at given times: a YAML file, or the name of a ready-made scenario',
    value: anyText,
  }),
  replay: defineOption({
    flag: '--replay <history>',
    help: 'repeat the faults of a recorded run at the same times',
    value: anyText,
  }),
  historyDir: defineOption({
    flag: '--history-dir <folder>',
    help: 'folder for the histories of all runs',
    value: anyText,
    defaultText: `${historyFolder}, for runs with a violation only`,
  }),
  protocol: defineOption({
    flag: '--protocol <name>',
    help: 'assignor of the classic protocol, or the consumer protocol',
    value: oneOfList(protocolNames),
    defaultText: 'all in turn',
  }),
  mode: defineOption({
    flag: '--mode <mode>',
    help: 'when faults end',
    value: oneOf(stressModes),
    defaultText: planDefaults.mode,
  }),
  processes: defineOption({
    flag: '--processes <count>',
    help: 'stress a durable group (docs/durable.md) of this many processes, each `counts --durable --follow`',
    value: countFrom(1, 20),
    defaultText: 'a group in this process, not durable',
  }),
  members: defineOption({
    flag: '--members <count>',
    help: 'members of the group; with --processes, of each process',
    value: countFrom(1, 64),
    defaultText: ofShapes('members'),
  }),
  partitions: defineOption({
    flag: '--partitions <count>',
    help: 'partitions of the topic',
    value: countFrom(1, 100),
    defaultText: ofShapes('partitions'),
  }),
  rate: defineOption({
    flag: '--rate <records>',
    help: 'records per second of the producer',
    unit: 'records/s',
    value: countFrom(1, 1_000_000),
    defaultText: `${planDefaults.rate}, with --processes ${processRate}`,
  }),
  sessionTimeout: sessionTimeoutOption('3s, or the shortest that the brokers allow'),
  failFast: defineSwitch({ flag: '--fail-fast', help: 'stop after the first run with a violation' }),
  selfTest: defineSwitch({
    flag: '--self-test',
    help: 'test the checks: run deliberately broken programs until a check catches each of them',
  }),
  mutants: defineOption({
    flag: '--mutants <name,...>',
    help: '--self-test: the broken programs to run',
    value: someOfList(mutantNames, `some of ${mutantNames.join(', ')}`),
    defaultText: 'all',
  }),
  json: defineOption({ flag: '--json <file>', help: 'write the report as JSON; - is stdout', value: anyText }),
  ...connectionOptions,
};
export type StressFlags = FlagsOf<typeof stressOptions>;

const ofPlan = ['duration', 'soak', 'protocol', 'mode', 'members', 'partitions', 'rate', 'sessionTimeout'] as const;

export const stressRules: readonly Rule<StressFlags>[] = [
  ...connectionRules,
  ...processRules,
  ...faultRules,
  onlyOne<StressFlags>(['faults', 'scenario', 'replay'], 'each of them selects the faults'),
  noEffect<StressFlags>(
    ['faults', 'scenario', 'replay', 'failFast', ...ofPlan],
    'with --self-test, which has its own schedules',
    ({ selfTest }) => selfTest,
  ),
  noEffect<StressFlags>(['mutants'], 'without --self-test', ({ selfTest }) => !selfTest),
  noEffect<StressFlags>(
    ['seed', ...ofPlan],
    'with --replay, which repeats the plan of a run',
    ({ replay, selfTest }) => replay !== undefined && !selfTest,
  ),
  noEffect<StressFlags>(['runs'], 'with --soak: runs follow until --duration is over', ({ soak }) => soak),
  noEffect<StressFlags>(
    ['runs'],
    'with --duration above 10m: runs follow until it is over',
    ({ soak, selfTest, duration = 0 }) => !soak && !selfTest && duration > runMsMax,
  ),
  ({ brokers, bootstrapServer, partitions = mockPartitions }) =>
    brokers !== 'mock' || bootstrapServer !== undefined || partitions === mockPartitions
      ? []
      : [
          {
            message: `--partitions: topics of the mock cluster have exactly ${mockPartitions} partitions`,
            hint: 'omit --partitions',
          },
        ],
  noEffect<StressFlags>(
    ['sessionTimeout'],
    'with --protocol consumer, where the brokers decide it',
    ({ protocol }) => protocol !== undefined && brokersDecide(protocol),
  ),
];

/** The part of the flags that the plans depend on. */
export function wishesOf(flags: StressFlags): PlanWishes {
  const { seed, runs, soak, faults, scenario, replay } = flags;
  const source = brokerSourceOf(flags);
  const asked = {
    durationMs: flags.duration,
    protocol: flags.protocol,
    mode: flags.mode,
    members: flags.members,
    partitions: flags.partitions,
    rate: flags.rate,
    sessionTimeoutMs: flags.sessionTimeout,
  };
  return {
    ...{ seed, runs, soak },
    asked,
    kinds: faults === undefined ? possibleKinds(source) : allFaultKinds.filter((kind) => faults.includes(kind)),
    protocols: flags.kafkaVersion === undefined ? protocolNames : possibleProtocols(flags.kafkaVersion),
    ...(source === 'mock' ? { partitionsByDefault: mockPartitions } : {}),
    ...(scenario === undefined ? {} : { scenario }),
    ...(replay === undefined ? {} : { replay }),
  };
}
