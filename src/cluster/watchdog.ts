import type { MemberId } from '../protocol/ids.ts';

interface Sighting {
  readonly turns: number;
  readonly atMs: number;
}

/**
 * Finds members whose loop stands still. librdkafka heartbeats from a thread of its own, so to Kafka a stuck member looks
 * alive until max.poll.interval.ms; its partitions would wait that long.
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
    // We ourselves stood still (a suspended machine, SIGSTOP): everybody gets a fresh start.
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
    // Told once: what is done about it takes its time.
    for (const memberId of stuck) this.#seen.set(memberId, { turns: turns.get(memberId) ?? 0, atMs: nowMs });
    return stuck;
  }

  /** How long the member's loop had made no turn, by the last look; 0 for one that was never seen. Milliseconds. */
  stillMs(memberId: MemberId, nowMs: number): number {
    return nowMs - (this.#seen.get(memberId)?.atMs ?? nowMs);
  }
}
