import type { HistoryEvent } from '../../history/event.ts';
import type { Check, CheckContext, CheckFold, Judged, Violation } from '../check.ts';
import { TakeoverTimes, type Takeover } from '../takeover-times.ts';

export const takeover: Check = {
  name: 'takeover',
  code: 'V7',
  definition:
    'When the owner of a partition with lag leaves, dies or gets stuck, another member applies a batch of it within the bound for that cause. Time during which a fault blocks the whole group, or another member is lost as well, does not count.',
  start: (context, report) => new Takeovers(context, report),
};

class Takeovers implements CheckFold {
  readonly #times: TakeoverTimes;
  readonly #report: (violation: Violation) => void;
  #seen = 0;
  #judged = 0;
  #maxMs = 0;
  #lastMs = 0;

  constructor(context: CheckContext, report: (violation: Violation) => void) {
    this.#times = new TakeoverTimes(context);
    this.#report = report;
  }

  add(event: HistoryEvent): void {
    this.#lastMs = event.atMs;
    const found = this.#times.add(event);
    if (found !== undefined) this.#judge(found);
  }

  finish(): Judged {
    for (const open of this.#times.open(this.#lastMs)) if (open.undisturbedMs > open.boundMs) this.#judge(open);
    const reported = { takeovers: this.#seen, judged: this.#judged, maxMs: Math.round(this.#maxMs) };
    if (this.#seen > 0 && this.#judged === 0) return { skipped: 'no takeover could be judged', reported };
    return { reported };
  }

  #judge({ partition, cause, from, to, tookMs, undisturbedMs, boundMs, judged, tickets }: Takeover): void {
    this.#seen += 1;
    this.#maxMs = Math.max(this.#maxMs, tookMs);
    if (!judged) return;
    this.#judged += 1;
    if (undisturbedMs <= boundMs) return;
    const who = to === undefined ? 'no member took over' : `member ${to} took over`;
    const message = `partition ${partition}: ${who} from member ${from} (${cause}) after ${Math.round(undisturbedMs)} ms, bound ${boundMs} ms`;
    this.#report({ message, partition, tickets });
  }
}
