import type { Check, Evidence, Judged, Violation } from '../check.ts';

/** Threads of Node's own pool start when they are first needed. */
const threadsSlack = 4;
const descriptorsSlack = 8;
/** Heaps grow once; after that a member that came and went may leave this much behind. */
const rssMibSlack = 128;
const rssMibACycle = 0.25;

export const hygiene: Check = {
  id: 'V10',
  name: 'hygiene',
  definition: `After all members have ended there are no more threads of librdkafka than before, at most ${threadsSlack} more threads and ${descriptorsSlack} more open files, at most ${rssMibSlack} MiB and ${rssMibACycle} MiB a member more memory, and no lease, journal, process or file is left behind.`,
  start: (_context, report) => ({
    add: () => undefined,
    finish: (evidence) => {
      if (evidence.hygiene === undefined) return { skipped: 'the process was not looked at before and after' };
      return judge(evidence.hygiene, report);
    },
  }),
};

function judge(
  { before, after, cycles, leftovers }: NonNullable<Evidence['hygiene']>,
  report: (violation: Violation) => void,
): Judged {
  const expect = (what: string, was: number, is: number, slack: number): void => {
    if (is > was + slack) report({ message: `${what}: ${is} after, ${was} before`, tickets: [] });
  };
  expect('threads of librdkafka', before.rdkThreads, after.rdkThreads, 0);
  expect('threads', before.threads, after.threads, threadsSlack);
  expect('open files', before.fileDescriptors, after.fileDescriptors, descriptorsSlack);
  expect('resident memory in MiB', before.rssMib, after.rssMib, rssMibSlack + cycles * rssMibACycle);
  for (const message of leftovers) report({ message, tickets: [] });
  return { reported: { rssGrowthMib: Math.round(after.rssMib - before.rssMib), membersEnded: cycles } };
}
