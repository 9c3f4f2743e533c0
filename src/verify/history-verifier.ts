import type { HistoryEvent } from '../history/event.ts';
import type { Check, CheckContext, CheckFold, CheckResult, Evidence, Judged, Violation } from './check.ts';
import { RecentEvents } from './recent-events.ts';

const violationsMax = 20;

/** Runs checks over the history of one group while it is recorded. */
export class HistoryVerifier {
  readonly #group: string;
  readonly #recent = new RecentEvents();
  readonly #running: readonly RunningCheck[];

  /** @param checks - `allChecks`, or a part of them in tests */
  constructor(context: CheckContext, checks: readonly Check[]) {
    this.#group = context.group;
    this.#running = checks.map((check) => new RunningCheck(check, context, this.#recent));
  }

  /** Call it in the order of tickets; events of other groups are ignored. */
  add(event: HistoryEvent): void {
    if (isOfAnother(event, this.#group)) return;
    this.#recent.add(event);
    for (const check of this.#running) check.fold.add(event);
  }

  /** Call after the last event. @returns one result per check, in the order of the checks */
  finish(evidence: Evidence): CheckResult[] {
    return this.#running.map((check) => check.finish(evidence));
  }
}

/** Verifies a complete history that fits into memory. */
export function verifyHistory(
  events: Iterable<HistoryEvent>,
  context: CheckContext,
  evidence: Evidence,
  checks: readonly Check[],
): CheckResult[] {
  const verifier = new HistoryVerifier(context, checks);
  for (const event of events) verifier.add(event);
  return verifier.finish(evidence);
}

/**
 * Fault events are passed to every group, since a fault in one group may also affect brokers and
 * coordinators.
 */
function isOfAnother(event: HistoryEvent, group: string): boolean {
  if (event.type === 'faultBegun' || event.type === 'faultEnded' || event.type === 'produced') return false;
  return event.group !== group;
}

class RunningCheck {
  readonly fold: CheckFold;
  readonly #check: Check;
  readonly #recent: RecentEvents;
  readonly #violations: Violation[] = [];
  #total = 0;
  #around: readonly HistoryEvent[] = [];

  constructor(check: Check, context: CheckContext, recent: RecentEvents) {
    this.#check = check;
    this.#recent = recent;
    this.fold = check.start(context, (violation) => {
      this.#total += 1;
      if (this.#violations.length < violationsMax) this.#violations.push(violation);
      if (this.#total === 1) this.#around = recent.before(violation);
    });
  }

  finish(evidence: Evidence): CheckResult {
    const judged: Judged = this.fold.finish(evidence);
    const { name, code, definition } = this.#check;
    const [first] = this.#violations;
    return {
      name,
      code,
      definition,
      violations: this.#violations,
      violationsTotal: this.#total,
      around: first === undefined ? [] : this.#recent.withLater(this.#around, first),
      ...judged,
    };
  }
}
