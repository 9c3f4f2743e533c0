import assert from 'node:assert';
import type { MemberId } from '../../src/protocol/ids.ts';
import { Fiber } from './fiber.ts';
import { SimMember, type MemberWork, type MemberWorld } from './sim-member.ts';

/** A member's thread: does one piece of work after the other, and may be stopped or ended before any access. */
export class MemberThread {
  readonly memberId: MemberId;
  readonly fiber: Fiber;
  /** Pieces of work done: to the watchdog, the turns of its loop. */
  turns = 0;
  readonly #world: MemberWorld;
  readonly #done: { readonly work: MemberWork; readonly position: number }[] = [];
  #body: SimMember | undefined;
  #inHand: MemberWork | undefined;

  constructor(world: MemberWorld, memberId: MemberId) {
    this.#world = world;
    this.memberId = memberId;
    this.fiber = new Fiber(`member ${memberId}`);
  }

  get inHand(): MemberWork | undefined {
    return this.#inHand;
  }

  get hasLeft(): boolean {
    return this.#done.at(-1)?.work.type === 'leave';
  }

  /**
   * @param work - to be begun; must be left out while there is one in hand
   * @param budget - accesses until it is stopped, `atomicBudget` of them atomic
   * @returns whether the work is done
   */
  step(work: MemberWork | undefined, budget: number, atomicBudget = Infinity): boolean {
    assert((work === undefined) !== (this.#inHand === undefined), 'one piece of work at a time');
    const current = (this.#inHand ??= work);
    assert(current !== undefined);
    const done = this.fiber.run(
      () => {
        this.#bodyAtWork().do(current);
      },
      budget,
      atomicBudget,
    );
    if (!done) {
      this.#body = undefined;
      return false;
    }
    this.#inHand = undefined;
    this.turns += 1;
    this.#done.push({ work: current, position: this.fiber.position });
    return true;
  }

  /** The body as it was before the work in hand: after a stop it lives its life again. */
  #bodyAtWork(): SimMember {
    if (this.#body !== undefined) return this.#body;
    this.fiber.rewind();
    const body = new SimMember(this.#world, this.memberId, this.fiber);
    for (const { work, position } of this.#done) {
      body.do(work);
      assert.equal(this.fiber.position, position, 'the second life differs from the first');
    }
    this.#body = body;
    return body;
  }
}
