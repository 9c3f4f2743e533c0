import { namesOf } from '../../config/names-of.ts';
import type { CheckResult, ProcessCheckName, Violation } from '../../verify/check.ts';
import type { SeenCommit } from './changelog-state.ts';
import type { ProcessEvent } from './process-event.ts';
import { counted } from '../../numbers.ts';

/** What is known when the processes have ended; an absent part was not judged. */
export interface ProcessEvidence {
  /** Partitions that were not counted and committed to their end within the bound, a line each. */
  readonly behind?: readonly string[];
  /** What differs between changelog, committed offsets, topic and generator, a line each. */
  readonly differences?: readonly string[];
  /** Processes, groups and topics that are left, a line each. */
  readonly leftovers?: readonly string[];
}

const definitions = {
  'durable-state': {
    code: 'V6',
    definition:
      'At each commit that a read_committed reader sees, the sum of the counts is the words of the progress and of the records below its next offset. At the end the counts are those of a recount of the topic and of the generator, and the committed offset is the next offset of the progress and the end of the topic.',
  },
  'commit-safety': {
    code: 'V5',
    definition:
      'The commits of a partition form one chain: each begins where the last one ended, and the commits of a member are in their order.',
  },
  liveness: {
    code: 'V8',
    definition: 'After the last fault every record is counted and committed within the bound.',
  },
  'process-end': {
    code: 'end',
    definition:
      'A process ends only when it is asked to: after SIGTERM in time and with exit code 0, or 130 before it has joined the group.',
  },
  hygiene: { code: 'V10', definition: 'No process, no group and no topic is left.' },
} as const satisfies Readonly<Record<ProcessCheckName, Pick<CheckResult, 'code' | 'definition'>>>;

const violationsMax = 20;
/** Exit code of a command that a signal has ended. */
const interrupted = 130;

/** The checks of a run across processes, folded over its events. */
export class ProcessChecks {
  readonly #wordsBelow: (partition: number, offset: number) => number | undefined;
  readonly #violations = new Map<ProcessCheckName, Violation[]>();
  readonly #totals = new Map<ProcessCheckName, number>();
  readonly #last = new Map<number, SeenCommit>();
  /** Number of the last commit of each member, by partition. */
  readonly #commits = new Map<number, Map<number, number>>();
  /** Processes that have joined the group. */
  readonly #joined = new Set<string>();
  readonly #signalled = new Map<string, NodeJS.Signals>();

  /** @param wordsBelow - words in the records of a partition below an offset, from the generator */
  constructor(wordsBelow: (partition: number, offset: number) => number | undefined) {
    this.#wordsBelow = wordsBelow;
  }

  add(event: ProcessEvent): void {
    if (event.type === 'committed') this.#committed(event.partition, event);
    else if (event.type === 'owns') this.#joined.add(event.process);
    else if (event.type === 'signalled') this.#signalled.set(event.process, event.signal);
    else if (event.type === 'ended') this.#ended(event);
    else if (event.type === 'notEnded') {
      this.#report('process-end', `${event.process} did not end within ${event.afterMs / 1_000} s after SIGTERM`);
    }
  }

  finish({ behind, differences, leftovers }: ProcessEvidence): CheckResult[] {
    for (const line of behind ?? []) this.#report('liveness', line);
    for (const line of differences ?? []) this.#report('durable-state', line);
    for (const line of leftovers ?? []) this.#report('hygiene', line);
    const skipped: Partial<Record<ProcessCheckName, string>> = {
      ...(behind === undefined ? { liveness: 'the run was interrupted' } : {}),
      ...(differences === undefined ? { 'durable-state': 'the topic was not reread' } : {}),
      ...(leftovers === undefined ? { hygiene: 'the brokers were not asked' } : {}),
    };
    return namesOf(definitions).map((name) => {
      const why = skipped[name];
      return {
        ...{ name, ...definitions[name] },
        violations: this.#violations.get(name) ?? [],
        violationsTotal: this.#totals.get(name) ?? 0,
        around: [],
        ...(why === undefined ? {} : { skipped: why }),
      };
    });
  }

  #committed(partition: number, seen: SeenCommit): void {
    const { writer, commit, nextOffset, records, words, sum } = seen;
    const before = this.#last.get(partition);
    this.#last.set(partition, seen);
    const text = `partition ${partition}, commit ${commit} of member ${writer}`;
    const expected = this.#wordsBelow(partition, nextOffset);
    if (words !== expected || sum !== expected) {
      const message = `${text}: words below offset ${nextOffset}: ${expected ?? 'unknown'}; its progress says ${words}, its counts ${sum}`;
      this.#report('durable-state', message, partition);
    }
    if (before !== undefined && nextOffset < before.nextOffset) {
      this.#report('commit-safety', `${text}: offset ${nextOffset} after ${before.nextOffset}`, partition);
    }
    if (records !== nextOffset) {
      const message = `${text}: ${counted(records, 'record')} at offset ${nextOffset}: it does not continue where the last commit ended`;
      this.#report('commit-safety', message, partition);
    }
    const numbers = this.#commits.get(partition) ?? new Map<number, number>();
    this.#commits.set(partition, numbers);
    const last = numbers.get(writer) ?? 0;
    if (commit <= last) this.#report('commit-safety', `${text} after its commit ${last}`, partition);
    numbers.set(writer, Math.max(last, commit));
  }

  #ended({ process, code, signal, complaint }: Extract<ProcessEvent, { type: 'ended' }>): void {
    const asked = this.#signalled.get(process);
    // Before it counts, a process ends as any other that is interrupted, or while Node.js starts.
    const isEarly = !this.#joined.has(process) && (code === interrupted || signal === 'SIGTERM');
    if (asked === 'SIGKILL' || (asked === 'SIGTERM' && (code === 0 || isEarly))) return;
    const how = signal ?? `exit code ${code ?? '?'}`;
    const why = asked === 'SIGTERM' ? ' after SIGTERM' : '';
    this.#report('process-end', `${process}: ${how}${why}: ${complaint ?? 'no error'}`);
  }

  #report(name: ProcessCheckName, message: string, partition?: number): void {
    const listed = this.#violations.get(name) ?? [];
    this.#violations.set(name, listed);
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + 1);
    const where = partition === undefined ? {} : { partition };
    if (listed.length < violationsMax) listed.push({ message, tickets: [], ...where });
  }
}
