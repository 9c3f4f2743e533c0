import type { Supervisor } from '../cluster/supervisor.ts';
import { nowMs } from '../metrics/clock.ts';
import type { ThroughputOverTime } from './run-outcome.ts';
import type { Takeovers } from './takeovers.ts';

/** How exact the times of takeovers are. */
const lookMs = 5;
const sliceMs = 500;

/** Looks at the tables' owners and progress all the time: shared memory wakes nobody, and a look costs microseconds. */
export class TableWatch {
  readonly #supervisor: Supervisor;
  readonly #takeovers: Takeovers;
  readonly #timer: NodeJS.Timeout;
  readonly #next = new Map<number, number>();
  readonly #slices: number[] = [];
  readonly #startMs = nowMs();
  #records = 0;

  constructor(supervisor: Supervisor, takeovers: Takeovers) {
    this.#supervisor = supervisor;
    this.#takeovers = takeovers;
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  /** @returns the records counted in each slice of the time until now */
  end(): ThroughputOverTime {
    clearInterval(this.#timer);
    return { sliceMs, records: this.#slices };
  }

  #look(): void {
    const atMs = nowMs();
    const { partitions, records } = this.#supervisor.snapshot();
    for (const { partition, owner, nextOffset } of partitions) {
      const moved = nextOffset !== (this.#next.get(partition) ?? 0);
      this.#next.set(partition, nextOffset);
      if (owner === undefined) continue;
      if (moved) this.#takeovers.applied(partition, owner, atMs);
      this.#takeovers.owned(partition, owner);
    }
    const slice = Math.floor((atMs - this.#startMs) / sliceMs);
    // A standstill of the whole process leaves slices without a look.
    while (this.#slices.length <= slice) this.#slices.push(0);
    this.#slices[slice] = (this.#slices[slice] ?? 0) + records - this.#records;
    this.#records = records;
  }
}
