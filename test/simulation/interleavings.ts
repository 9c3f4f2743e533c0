import type { BatchSums } from '../../src/count/batch-sums.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { healAndExpect } from './heal.ts';
import type { MemberThread } from './member-thread.ts';
import type { Product } from './product.ts';
import type { MemberWork } from './sim-member.ts';
import { TopicPartition } from './topic.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** Two batches of a record each, in each of two partitions; the second makes the table grow. */
const values = ['to be', 'or not'];
const turn: MemberWork = { type: 'turn', batches: 1, recordsMax: 1, redelivered: 0 };
const both: MemberWork = {
  type: 'rebalance',
  event: { type: 'assign', partitions: [0, 1], lost: false },
  late: false,
};
const none: MemberWork = { type: 'rebalance', event: { type: 'revoke', partitions: [0, 1], lost: false }, late: false };

/** Both have been given both partitions; the first gives them back after its first batch. */
const programs = [
  [both, turn, none],
  [both, turn, turn],
] as const;

export interface Budget {
  readonly accesses: number;
  readonly atomics: number;
}
const unlimited: Budget = { accesses: Infinity, atomics: Infinity };

class Player {
  readonly thread: MemberThread;
  readonly #world: World;
  readonly #program: readonly MemberWork[];
  #next = 0;

  constructor(world: World, program: readonly MemberWork[]) {
    this.#world = world;
    this.#program = program;
    this.thread = world.start();
  }

  /** @returns whether the program has ended */
  play({ accesses, atomics }: Budget): boolean {
    const { fiber } = this.thread;
    const from = { accesses: fiber.accesses, atomics: fiber.atomics };
    while (this.#next < this.#program.length) {
      const work = this.thread.inHand === undefined ? this.#program[this.#next] : undefined;
      const left = {
        accesses: accesses - (fiber.accesses - from.accesses),
        atomics: atomics - (fiber.atomics - from.atomics),
      };
      if (!this.#world.step(this.thread, work, left.accesses, left.atomics)) return false;
      this.#next += 1;
    }
    return true;
  }
}

/**
 * All interleavings with two pre-emptions at most: one thread up to a point, the other up to a point, the first to its end, the
 * other to its end. Points are all accesses of one of them and all atomic ones of the other, in both combinations and both orders.
 * @returns how many were run
 * @throws Violation unless everything is exact every time
 */
export function* interleave(product: Product, sums: BatchSums): Generator<number> {
  let runs = 0;
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    for (const unit of ['accesses', 'atomics'] as const) {
      const other = unit === 'accesses' ? 'atomics' : 'accesses';
      for (let first = 0, ended = false; !ended; first += 1) {
        for (let second = 1, secondEnded = false; !secondEnded && !ended; second += 1) {
          const budgets = [
            { ...unlimited, [unit]: first },
            { ...unlimited, [other]: second },
          ] as const;
          [ended, secondEnded] = playOnce(product, sums, order, budgets);
          runs += 1;
        }
        yield runs;
      }
    }
  }
}

/**
 * The second thread dies before any of its accesses, and its recovery is pre-empted by the first thread at any access.
 * @returns how many were run
 * @throws Violation unless everything is exact every time
 */
export function* interleaveRecovery(product: Product, sums: BatchSums): Generator<number> {
  let runs = 0;
  for (let death = 0, ended = false; !ended; death += 1) {
    for (let preempted = 1, recovered = false; !recovered && !ended; preempted += 1) {
      [ended, recovered] = dieOnce(product, sums, death, preempted);
      runs += 1;
    }
    yield runs;
  }
}

/** @returns whether the victim came to the end of its program, and whether its recovery was not pre-empted */
function dieOnce(product: Product, sums: BatchSums, death: number, preempted: number): [boolean, boolean] {
  const { world, players } = tinyWorld(product, sums);
  const [other, victim] = players;
  const { supervisor } = world;
  try {
    const ended = victim.play({ ...unlimited, accesses: death });
    world.kill(victim.thread.memberId);
    while (!supervisor.inboxIsEmpty && supervisor.inHand === undefined) supervisor.step(preempted);
    const recovered = supervisor.inHand === undefined;
    other.play(unlimited);
    healAndExpect(world, seededRandom(0));
    return [ended, recovered];
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(
      error.check,
      `killed before access ${death}, recovery stopped before ${preempted}: ${error.message}`,
    );
  }
}

function tinyWorld(product: Product, sums: BatchSums): { readonly world: World; readonly players: [Player, Player] } {
  const records = values.map((value, offset) => ({ offset, value: Buffer.from(value) }));
  const topic = [new TopicPartition(0, records), new TopicPartition(0, records)];
  const world = new World({ product, sums, topic, protocol: 'COOPERATIVE', slotsLog2: 2 });
  const players: [Player, Player] = [new Player(world, programs[0]), new Player(world, programs[1])];
  // Their programs deliver the assignments. The group assigns both partitions to the member that keeps them.
  world.group.rebalance(topic.map(() => players[1].thread.memberId));
  for (const { thread } of players) while (world.group.takeCallback(thread.memberId) !== undefined);
  return { world, players };
}

/** @returns whether each program came to its end within its budget */
function playOnce(
  product: Product,
  sums: BatchSums,
  order: readonly [0 | 1, 0 | 1],
  budgets: readonly [Budget, Budget],
): [boolean, boolean] {
  const { world, players } = tinyWorld(product, sums);
  const one = players[order[0]];
  const two = players[order[1]];
  try {
    const ended = one.play(budgets[0]);
    const secondEnded = two.play(budgets[1]);
    one.play(unlimited);
    two.play(unlimited);
    healAndExpect(world, seededRandom(0));
    return [ended, secondEnded];
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(
      error.check,
      `order ${order.join()}, pre-empted at ${JSON.stringify(budgets)}: ${error.message}`,
    );
  }
}
