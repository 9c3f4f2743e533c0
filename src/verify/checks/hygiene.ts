import { smallest } from '../../metrics/extremes.ts';
import type { Check, Evidence, HygieneFigures, Judged, Violation } from '../check.ts';
import { growths, growthRunsMin } from '../process-growth.ts';

/** Node starts the threads of its pool when it first needs them. */
const firstRunThreads = 4;
/** Sockets of the brokers' operators come and go. Smaller leaks show as growth. */
export const descriptorsSlack = 6;
/** Caches fill once. Smaller leaks show as growth. */
const liveMibSlack = 48;

export const hygiene: Check = {
  id: 'V10',
  name: 'hygiene',
  definition: `After all members have ended there are no more Kafka clients, threads of librdkafka, isolates and threads than after any earlier run of this process (after the first: than before it, and at most ${firstRunThreads} more threads), at most ${descriptorsSlack} more open files, at most ${liveMibSlack} MiB more memory in use by the main thread, and no lease, journal, process or file is left behind. From ${growthRunsMin} runs of one process on, no count and no memory grows from run to run.`,
  start: (_context, report) => ({
    add: () => undefined,
    finish: (evidence) => {
      if (evidence.hygiene === undefined) return { skipped: 'the process was not looked at before and after' };
      return judge(evidence.hygiene, report);
    },
  }),
};

type Hygiene = NonNullable<Evidence['hygiene']>;

function judge({ before, earlier, after, cycles, leftovers }: Hygiene, report: (found: Violation) => void): Judged {
  const known = earlier.length === 0 ? [before] : earlier;
  const lowest = (name: keyof HygieneFigures): number => smallest(known.map((each) => each[name]));
  const expect = (what: string, name: keyof HygieneFigures, slack: number): void => {
    const message = `${what}: ${shown(after[name])} after, ${shown(lowest(name))} before`;
    if (after[name] > lowest(name) + slack) report({ message, tickets: [] });
  };
  expect('Kafka clients', 'clients', 0);
  expect('threads of librdkafka', 'rdkThreads', 0);
  expect('isolates, by their event loops', 'eventLoops', 0);
  expect('threads', 'threads', earlier.length === 0 ? firstRunThreads : 0);
  expect('open files', 'fileDescriptors', descriptorsSlack);
  expect('MiB in use by the main thread', 'liveMib', liveMibSlack);
  for (const message of leftovers) report({ message, tickets: [] });
  const runs = [...earlier, after];
  for (const message of growths(runs)) report({ message, tickets: [] });
  const reported = { rssGrowthMib: Math.round(after.rssMib - before.rssMib), membersEnded: cycles };
  if (runs.length >= growthRunsMin) return { reported };
  return { reported, skipped: `growth from run to run is judged from ${growthRunsMin} runs on` };
}

function shown(value: number): string {
  return String(Math.round(value));
}
