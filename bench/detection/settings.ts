import { parseArgs } from 'node:util';
import { lanes, type Lane } from '../../src/config/lanes.ts';
import { namesOf } from '../../src/config/names-of.ts';
import { counted } from '../../src/numbers.ts';

/** The gates that can be measured. */
export const gates = {
  ab: {
    /** What the gate tolerates without --max-regression, in percent. */
    maxRegression: '5',
    /** The planted slowdown affects groups of at least this many members. */
    slowMembersMin: 1,
    /** Processes of each program in a trial. */
    processes: ({ pairs }) => pairs,
    plan: ({ pairs, runs }) => `${pairs} pairs of processes with ${counted(runs, 'run')} each`,
    flags: ({ pairs }) => [`--pairs ${pairs}`],
  },
  'across-machines': {
    maxRegression: '10',
    // Speed-ups do not show a slowdown that affects all groups alike.
    slowMembersMin: 2,
    processes: () => 1,
    plan: ({ runs }) => `reports of ${runs} repetitions`,
    flags: () => [],
  },
} as const satisfies Readonly<Record<string, GateKind>>;

interface GateKind {
  readonly maxRegression: string;
  readonly slowMembersMin: number;
  readonly processes: (settings: Pick<Settings, 'pairs'>) => number;
  readonly plan: (settings: Pick<Settings, 'pairs' | 'runs'>) => string;
  readonly flags: (settings: Pick<Settings, 'pairs'>) => readonly string[];
}

/** The settings by which every trial is measured and judged. */
export interface Settings {
  readonly gate: keyof typeof gates;
  readonly lane: Lane;
  readonly members: readonly number[];
  readonly trials: number;
  /** Pairs of processes of `bench --ab`; a report is one process. */
  readonly pairs: number;
  /** Runs of each number of members in a process: repetitions of a report. */
  readonly runs: number;
  readonly records: number;
  readonly workUs: number;
  /** Planted slowdown, as a share. */
  readonly slower: number;
  readonly maxRegression: number;
  readonly alpha: number;
  readonly seed: number;
}

const usage = `npm run bench -- detection [--gate ab|across-machines] [--trials 40] [--slower 10] [--lane drain|work] [options]

Measures how often a gate calls a planted slowdown of --slower % a regression, and how often it calls the unchanged program one.
ab: bench --ab with its default pairs and numbers of members. across-machines: compare --across-machines of two reports.

  --pairs 10           pairs of processes of a trial of ab
  --runs 5             runs of each number of members in a process (across-machines: repetitions of a report)
  --members 1,4        numbers of members
  --records 1000000    records of the topic
  --work-us 500        service time of lane work
  --max-regression 5   what the gate tolerates, in % (across-machines: 10)
  --alpha 5            false alarm rate of the gate, in %
  --seed 1             of the order within pairs
  --raw FILE           keep the measurements of every trial, and continue with those in FILE (default: .cache/detection-GATE-LANE.ndjson)
  --at-most N          make at most N trials now (0: none), then judge all that are there
  --markdown FILE      write the rates
`;

export interface Arguments {
  readonly settings: Settings;
  readonly raw: string;
  readonly atMost: number;
  readonly markdown: string | undefined;
}

/** @returns undefined for --help, which is printed */
export function readArguments(): Arguments | undefined {
  const { values } = parseArgs({
    options: {
      gate: { type: 'string', default: 'ab' },
      lane: { type: 'string', default: 'drain' },
      members: { type: 'string', default: '1,4' },
      trials: { type: 'string', default: '40' },
      pairs: { type: 'string', default: '10' },
      runs: { type: 'string', default: '5' },
      records: { type: 'string', default: '1000000' },
      'work-us': { type: 'string', default: '500' },
      slower: { type: 'string', default: '10' },
      alpha: { type: 'string', default: '5' },
      'max-regression': { type: 'string' },
      seed: { type: 'string', default: '1' },
      raw: { type: 'string' },
      'at-most': { type: 'string', default: '1000000' },
      markdown: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return undefined;
  }
  const gate = choice('gate', values.gate, namesOf(gates));
  const lane = choice('lane', values.lane, lanes);
  const settings = {
    gate,
    lane,
    members: values.members.split(',').map((part) => positive('members', part)),
    trials: positive('trials', values.trials),
    pairs: positive('pairs', values.pairs),
    runs: positive('runs', values.runs),
    records: positive('records', values.records),
    workUs: positive('work-us', values['work-us']),
    slower: positive('slower', values.slower) / 100,
    maxRegression: positive('max-regression', values['max-regression'] ?? gates[gate].maxRegression) / 100,
    alpha: positive('alpha', values.alpha) / 100,
    seed: positive('seed', values.seed),
  };
  const { raw = `.cache/detection-${gate}-${lane}.ndjson`, markdown } = values;
  return { settings, raw, atMost: Math.max(0, Number(values['at-most'])), markdown };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name}: '${text}' is not a number above 0`);
}

function choice<Name extends string>(name: string, text: string, names: readonly Name[]): Name {
  const found = names.find((other) => other === text);
  if (found === undefined) throw new Error(`--${name}: '${text}' is not one of ${names.join(', ')}`);
  return found;
}
