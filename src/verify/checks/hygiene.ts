import { smallest } from '../../statistics/extremes.ts';
import type { Check, Evidence, HygieneFigures, Judged, Violation } from '../check.ts';
import { growths, growthRunsMin } from '../process-growth.ts';

/** Node starts the threads of its pool when it first needs them. */
const firstRunThreads = 4;
/** Sockets of the program's broker clients open and close. Smaller leaks show as growth. */
const descriptorsSlack = 6;
/** Caches fill once. Smaller leaks show as growth. */
const liveMibSlack = 48;

const texts = {
  clients: 'Kafka clients',
  rdkThreads: 'threads of librdkafka',
  eventLoops: 'isolates (counted by their event loops)',
  threads: 'threads',
  fileDescriptors: 'open files',
  liveMib: 'MiB in use by the main thread',
} as const satisfies Partial<Record<keyof HygieneFigures, string>>;

type JudgedFigure = keyof typeof texts;

type SeenRuns = Pick<Hygiene, 'before' | 'earlier' | 'after'>;

/**
 * The lowest value after an earlier run of this process; for the first run, the value before it.
 */
export function lowestOf(name: JudgedFigure, { before, earlier }: Omit<SeenRuns, 'after'>): number {
  return smallest((earlier.length === 0 ? [before] : earlier).map((figures) => figures[name]));
}

/**
 * @returns the figures that exceed their lowest value by more than a single run may leave behind
 */
export function excesses(runs: SeenRuns): { readonly name: JudgedFigure; readonly lowest: number }[] {
  const { earlier, after } = runs;
  const slacks: Partial<Record<JudgedFigure, number>> = {
    threads: earlier.length === 0 ? firstRunThreads : 0,
    fileDescriptors: descriptorsSlack,
    liveMib: liveMibSlack,
  };
  return (Object.keys(texts) as JudgedFigure[]).flatMap((name) => {
    const lowest = lowestOf(name, runs);
    return after[name] > lowest + (slacks[name] ?? 0) ? [{ name, lowest }] : [];
  });
}

export const hygiene: Check = {
  name: 'hygiene',
  code: 'V10',
  definition: `After all members have ended, there are no more Kafka clients, librdkafka threads, isolates and threads than after any earlier run of this process (for the first run: than before it, with at most ${firstRunThreads} more threads), at most ${descriptorsSlack} more open files and at most ${liveMibSlack} MiB more memory in use by the main thread. No table is held and no journal is sealed. From run ${growthRunsMin} of a process on, no count and no memory grows from run to run.`,
  start: (_context, report) => ({
    add: () => undefined,
    finish: (evidence) => {
      if (evidence.hygiene === undefined) return { skipped: 'the process was not inspected before and after the run' };
      return judge(evidence.hygiene, report);
    },
  }),
};

type Hygiene = NonNullable<Evidence['hygiene']>;

function judge(seen: Hygiene, report: (found: Violation) => void): Judged {
  const { before, earlier, after, cycles, leftovers } = seen;
  for (const { name, lowest } of excesses(seen)) {
    report({ message: `${texts[name]}: ${shown(after[name])} after, ${shown(lowest)} before`, tickets: [] });
  }
  for (const message of leftovers) report({ message, tickets: [] });
  const runs = [...earlier, after];
  for (const message of growths(runs)) report({ message, tickets: [] });
  const reported = { memoryGrowthMib: Math.round(after.anonymousMib - before.anonymousMib), membersEnded: cycles };
  if (runs.length >= growthRunsMin) return { reported };
  return { reported, skipped: `growth is judged only after ${growthRunsMin} runs` };
}

function shown(value: number): string {
  return String(Math.round(value));
}
