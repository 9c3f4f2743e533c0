import type { MemberId } from '../protocol/ids.ts';

interface Sighting {
  readonly turns: number;
  readonly atMs: number;
}

/**
 * Finds members whose loop makes no progress. librdkafka sends heartbeats from its own thread, so
 * Kafka considers a stuck member alive until max.poll.interval.ms, and its partitions would wait
 * that long.
 */
export class Watchdog {
  readonly #limitMs: number;
  readonly #seen = new Map<MemberId, Sighting>();
  #lastLookMs: number | undefined;

  /** @param limitMs - a member whose loop made no turn for this long is stuck */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @param turns - of every live member that has joined. @returns the stuck ones */
  look(turns: ReadonlyMap<MemberId, number>, nowMs: number): MemberId[] {
    // The supervisor itself was paused (a suspended machine, SIGSTOP), so all timers restart.
    const asleep = this.#lastLookMs !== undefined && nowMs - this.#lastLookMs > this.#limitMs / 2;
    if (asleep) this.#seen.clear();
    this.#lastLookMs = nowMs;
    for (const memberId of this.#seen.keys()) if (!turns.has(memberId)) this.#seen.delete(memberId);
    const stuck: MemberId[] = [];
    for (const [memberId, count] of turns) {
      const seen = this.#seen.get(memberId);
      if (seen?.turns !== count) this.#seen.set(memberId, { turns: count, atMs: nowMs });
      else if (nowMs - seen.atMs >= this.#limitMs) stuck.push(memberId);
    }
    // Reported once, since handling it takes time.
    for (const memberId of stuck) this.#seen.set(memberId, { turns: turns.get(memberId) ?? 0, atMs: nowMs });
    return stuck;
  }

  /** How long the member's loop had made no turn, by the last look; 0 for one that was never seen. Milliseconds. */
  stillMs(memberId: MemberId, nowMs: number): number {
    return nowMs - (this.#seen.get(memberId)?.atMs ?? nowMs);
  }
}
