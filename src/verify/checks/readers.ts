import type { HistoryEvent, SampledEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Evidence, Judged, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';
import { counted } from '../../numbers.ts';

/**
 * Number of states kept for the next sample of a partition. After more batches than this between
 * two samples, the sample is not judged.
 */
const statesMax = 1 << 16;

export const readers: Check = {
  name: 'readers',
  code: 'V9',
  definition:
    'Every snapshot that a reader takes while members write equals the table after some whole batch: not before the last batch known to be complete when the read began, and not before the reader’s previous snapshot. No word count ever decreases, and the word counts add up to the table’s total.',
  start: (context, report) => new Samples(context, report),
};

type MovedEvent = Extract<HistoryEvent, { type: 'batchApplied' | 'advanced' }>;

interface State {
  readonly nextOffset: number;
  readonly records: number;
  readonly words: number;
  readonly digest: bigint;
  readonly ticket: number;
}

interface PartitionState {
  readonly states: State[];
  forgotten: boolean;
}

/** The state of a table after one of the two events that move it. */
function stateAfter(last: State, event: MovedEvent): State {
  const { ticket } = event;
  switch (event.type) {
    case 'advanced':
      return { ...last, nextOffset: event.nextOffset, ticket };
    case 'batchApplied':
      return {
        nextOffset: event.lastOffset + 1,
        records: last.records + event.records,
        words: last.words + event.words,
        digest: BigInt.asUintN(64, last.digest + event.digest),
        ticket,
      };
  }
}

class Samples implements CheckFold {
  readonly #report: (violation: Violation) => void;
  readonly #partitions: PartitionMap<PartitionState>;
  #unjudged = 0;

  constructor({ beginOffsets }: CheckContext, report: (violation: Violation) => void) {
    this.#report = report;
    this.#partitions = new PartitionMap((partition) => ({
      states: [{ nextOffset: beginOffsets[partition] ?? 0, records: 0, words: 0, digest: 0n, ticket: 0 }],
      forgotten: false,
    }));
  }

  add(event: HistoryEvent): void {
    if (event.type === 'sampled') this.#sampled(event);
    if (event.type === 'batchApplied' || event.type === 'advanced') this.#moved(event);
  }

  #moved(event: MovedEvent): void {
    const partition = this.#partitions.get(event.partition);
    const { states } = partition;
    const last = states.at(-1);
    if (last === undefined) return;
    states.push(stateAfter(last, event));
    if (states.length > statesMax) {
      states.splice(0, statesMax / 2);
      partition.forgotten = true;
    }
  }

  finish({ sampler }: Evidence): Judged {
    if (sampler === undefined) return { skipped: 'no reader ran while members wrote' };
    for (const message of sampler.faults) this.#report({ message, tickets: [] });
    const reported = { samples: sampler.samples, notJudged: this.#unjudged };
    return sampler.samples === 0 ? { skipped: 'no reader ran while members wrote', reported } : { reported };
  }

  #sampled(sample: SampledEvent): void {
    const partition = this.#partitions.get(sample.partition);
    const { states } = partition;
    // The batch with the last ticket may still have been in progress when the sample began; the one
    // before it was complete.
    const begun = states.findLastIndex(({ ticket }) => ticket < sample.fromTicket);
    const index = states.findIndex((state, at) => at >= begun - 1 && same(state, sample));
    if (index >= 0) {
      states.splice(0, index);
      partition.forgotten = false;
      return;
    }
    if (partition.forgotten) {
      this.#unjudged += 1;
      return;
    }
    const { nextOffset, records, words } = sample;
    const newest = states.at(-1);
    const message = `partition ${sample.partition}: a reader saw ${counted(records, 'record')} and ${counted(words, 'word')} up to offset ${nextOffset}, which matches no batch since ${states[Math.max(0, begun - 1)]?.nextOffset ?? 0} (the newest: ${counted(newest?.records ?? 0, 'record')}, ${counted(newest?.words ?? 0, 'word')}, offset ${newest?.nextOffset ?? 0})`;
    this.#report({ message, partition: sample.partition, tickets: [newest?.ticket ?? 0, sample.ticket] });
  }
}

function same(state: State, sample: SampledEvent): boolean {
  return (
    state.nextOffset === sample.nextOffset &&
    state.records === sample.records &&
    state.words === sample.words &&
    state.digest === sample.digest
  );
}
