import { setMaxListeners } from 'node:events';
import { toErrorReport, WordcountError } from '../errors.ts';
import { nowMs } from '../metrics/clock.ts';
import { seededRandom } from '../metrics/random.ts';
import { sleep } from '../metrics/sleep.ts';
import { timeLimit } from '../metrics/time-limit.ts';
import { faultOf } from './all-faults.ts';
import type { FaultTarget } from './fault-target.ts';
import type { Aim } from './fault.ts';
import type { FaultLane } from './kind-facts.ts';
import { factsOf } from './kinds.ts';
import type { PlannedFault } from './schedule.ts';

/** One fault under way. */
export interface FaultUnderWay {
  /** Place in the schedule. */
  readonly index: number;
  readonly planned: PlannedFault;
  readonly target: string;
  readonly members: readonly number[] | undefined;
}

export interface NemesisListener {
  /** Called just before it takes effect. */
  readonly onBegun: (fault: FaultUnderWay) => void;
  readonly onEnded: (fault: FaultUnderWay) => void;
  /** It found nothing to hit, or could not be done: no brokers to ask, say. The run goes on. */
  readonly onMissed: (planned: PlannedFault, why: string) => void;
}

/** Brokers may take long to start on a busy machine; whatever takes longer never ends. */
const undoMsMax = 90_000;

/** Lets the faults of a schedule happen at their times. */
export class Nemesis {
  readonly #target: FaultTarget;
  readonly #listener: NemesisListener;
  readonly #lanes = new Map<FaultLane, Promise<void>>();

  constructor(target: FaultTarget, listener: NemesisListener) {
    this.#target = target;
    this.#listener = listener;
  }

  /**
   * Resolves when all faults are over and what they broke is healed.
   * @param signal - no more faults; those under way end at once
   * @throws WordcountError environment when something could not be healed: a broker that does not start again
   */
  async run(faults: readonly PlannedFault[], signal: AbortSignal): Promise<void> {
    const startMs = nowMs();
    // Each fault that is still to come waits on it, and those under way do: no sign of a leak, which Node would take it for.
    setMaxListeners(0, signal);
    const done = await Promise.allSettled(
      faults.map(async (planned, index) => {
        await sleepUntil(startMs + planned.atMs, signal);
        if (!signal.aborted) await this.#inLane(planned, () => this.#happen(planned, index, signal));
      }),
    );
    const failed = done.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }

  /** Faults of a lane wait for the end of the one before, which may take longer than planned. */
  async #inLane(planned: PlannedFault, action: () => Promise<void>): Promise<void> {
    const { lane } = factsOf(planned.kind);
    if (lane === 'none') return action();
    const turn = (this.#lanes.get(lane) ?? Promise.resolve()).catch(() => undefined).then(action);
    this.#lanes.set(lane, turn);
    await turn;
  }

  async #happen(planned: PlannedFault, index: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const choice = {
      random: seededRandom(planned.seed),
      wanted: planned.target,
      durationMs: planned.durationMs,
    };
    const aim = faultOf(planned.kind).aim(this.#target, choice);
    if (aim === undefined) {
      this.#listener.onMissed(planned, 'nothing there to hit');
      return;
    }
    const underWay: FaultUnderWay = { index, planned, target: aim.text, members: aim.members };
    this.#listener.onBegun(underWay);
    const limitMs = planned.durationMs + undoMsMax;
    const done = this.#last(aim, underWay, signal).then(() => true);
    const inTime = await Promise.race([done, sleep(limitMs, false, { ref: false })]);
    if (!inTime) throw new WordcountError('environment', `${planned.kind}, ${aim.text}: not over after ${limitMs} ms`);
    this.#listener.onEnded(underWay);
  }

  async #last(aim: Aim, { planned }: FaultUnderWay, signal: AbortSignal): Promise<void> {
    const over = timeLimit(planned.durationMs, signal);
    const untilMs = nowMs() + planned.durationMs;
    let end;
    try {
      end = await aim.begin(over.signal);
      await sleepUntil(untilMs, signal);
      await end?.();
    } catch (error) {
      if (end !== undefined && factsOf(planned.kind).endsProcesses) {
        throw new WordcountError('environment', `${planned.kind}, ${aim.text}: could not be undone`, { cause: error });
      }
      this.#listener.onMissed(planned, toErrorReport(error).message);
    } finally {
      over.clear();
    }
  }
}

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, atMs - nowMs()), undefined, { signal }).catch(() => undefined);
}
