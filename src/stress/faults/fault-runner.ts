import { setMaxListeners } from 'node:events';
import { toErrorReport, ClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { seededRandom } from '../../seeded-random.ts';
import { sleep, sleepUntil } from '../../time/sleep.ts';
import { timeLimit } from '../../time/time-limit.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Aim, Fault, FaultLane } from './fault.ts';
import type { PlannedFault } from './schedule.ts';

/** One fault in progress. */
export interface FaultInProgress<Kind extends string = string> {
  /** Position in the schedule. */
  readonly index: number;
  readonly planned: PlannedFault<Kind>;
  readonly aim: Omit<Aim, 'begin'>;
}

export interface FaultListener<Kind extends string = string> {
  /** Called just before it takes effect. */
  readonly onBegun: (fault: FaultInProgress<Kind>) => void;
  readonly onEnded: (fault: FaultInProgress<Kind>) => void;
  /** It had no target: no live member, for example. The run continues. */
  readonly onSkipped: (planned: PlannedFault<Kind>) => void;
  /**
   * It could not begin, or end: no broker responded, for example. The run continues.
   * @param hasBegun - false when it had no effect, or not all of it
   */
  readonly onFailed: (fault: FaultInProgress<Kind>, reason: string, hasBegun: boolean) => void;
}

/**
 * Brokers may take long to start on a busy machine; a fault that takes longer than this to end
 * never does.
 */
const undoTimeoutMs = 90_000;

export interface FaultRunnerOptions<Kind extends string, World> {
  readonly world: World;
  readonly listener: FaultListener<Kind>;
  readonly faultOf: (kind: Kind) => Fault<Kind, World>;
}

/** Runs the faults of a schedule at their times. */
export class FaultRunner<Kind extends string, World = FaultWorld> {
  readonly #options: FaultRunnerOptions<Kind, World>;
  readonly #lanes = new Map<FaultLane, Promise<void>>();

  constructor(options: FaultRunnerOptions<Kind, World>) {
    this.#options = options;
  }

  /**
   * Resolves when all faults have ended and are undone.
   * @param signal - aborted when no more faults may begin and those in progress have to end at once
   * @throws ClusterError environment when a fault can't be undone: a broker that does not start
   *   again
   */
  async run(faults: readonly PlannedFault<Kind>[], signal: AbortSignal): Promise<void> {
    const startMs = nowMs();
    // Each fault listens to the signal; Node.js reports more than ten listeners as a leak.
    setMaxListeners(0, signal);
    const done = await Promise.allSettled(
      faults.map(async (planned, index) => {
        await sleepUntil(startMs + planned.atMs, signal);
        if (!signal.aborted) await this.#inLane(planned, () => this.#execute(planned, index, signal));
      }),
    );
    const failed = done.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }

  /**
   * A fault waits for the end of the previous fault in its lane, which may take longer than
   * planned.
   */
  async #inLane(planned: PlannedFault<Kind>, action: () => Promise<void>): Promise<void> {
    const { lane } = this.#options.faultOf(planned.kind);
    if (lane === 'none') return action();
    const turn = (this.#lanes.get(lane) ?? Promise.resolve()).catch(() => undefined).then(action);
    this.#lanes.set(lane, turn);
    await turn;
  }

  async #execute(planned: PlannedFault<Kind>, index: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { world, listener, faultOf } = this.#options;
    const { kind, seed, requested, durationMs } = planned;
    const aim = faultOf(kind).aim(world, { random: seededRandom(seed), requested, durationMs });
    if (aim === undefined) {
      listener.onSkipped(planned);
      return;
    }
    const inProgress: FaultInProgress<Kind> = { index, planned, aim };
    listener.onBegun(inProgress);
    const limitMs = durationMs + undoTimeoutMs;
    const done = this.#beginAndEnd(inProgress, aim, signal).then(() => true);
    const inTime = await Promise.race([done, sleep(limitMs, false, { ref: false })]);
    if (!inTime) throw new ClusterError('environment', `${kind} (${aim.text}) did not end within ${limitMs} ms`);
    listener.onEnded(inProgress);
  }

  async #beginAndEnd(inProgress: FaultInProgress<Kind>, aim: Aim, signal: AbortSignal): Promise<void> {
    const { kind, durationMs } = inProgress.planned;
    const limit = timeLimit(durationMs, signal);
    const deadlineMs = nowMs() + durationMs;
    let end;
    let hasBegun = false;
    try {
      end = await aim.begin(limit.signal);
      hasBegun = true;
      await sleepUntil(deadlineMs, signal);
      await end?.();
    } catch (cause) {
      if (end !== undefined && this.#options.faultOf(kind).endsProcesses) {
        throw new ClusterError('environment', `${kind} (${aim.text}) could not be undone`, { cause });
      }
      this.#options.listener.onFailed(inProgress, toErrorReport(cause).message, hasBegun);
    } finally {
      limit.clear();
    }
  }
}
