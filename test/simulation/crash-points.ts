import assert from 'node:assert';
import type { BatchSums } from '../../src/count/batch-sums.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { healAndExpect } from './heal.ts';
import type { MemberThread } from './member-thread.ts';
import type { Product } from './product.ts';
import { sameHash, TopicPartition } from './topic.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

interface CrashCase {
  readonly name: string;
  /** Binary logarithm of the slots, three quarters of which are filled before the table grows. */
  readonly slotsLog2: number;
  readonly before: readonly (string | null)[];
  /** Up to four records: the batch that its member dies in. */
  readonly batch: readonly (string | null)[];
}

const known = ['to be or not', 'to be'];

const crashCases: readonly CrashCase[] = [
  { name: 'one known word', slotsLog2: 3, before: known, batch: ['be'] },
  { name: 'four records of known words', slotsLog2: 3, before: known, batch: ['to be', 'or not', 'to', 'be'] },
  { name: 'one new word', slotsLog2: 3, before: known, batch: ['dream'] },
  { name: 'known and new words', slotsLog2: 4, before: known, batch: ['to dream', 'perchance', 'to sleep', 'no more'] },
  { name: 'the first batch of all', slotsLog2: 3, before: [], batch: ['to be', 'or not'] },
  { name: 'no word at all', slotsLog2: 3, before: known, batch: ['', null, '—', null] },
  { name: 'words with one hash', slotsLog2: 4, before: [sameHash[0]], batch: [sameHash[1], sameHash.join(' ')] },
  { name: 'one word too many for the slots', slotsLog2: 2, before: ['to be or'], batch: ['not'] },
  {
    name: 'growth to twice as many slots',
    slotsLog2: 2,
    before: ['to be or'],
    batch: ['to dream', 'not', 'be', 'that'],
  },
  {
    name: 'growth over several doublings',
    slotsLog2: 2,
    before: ['to be'],
    batch: ['whether tis nobler', 'in the mind', 'to suffer', 'the slings and arrows'],
  },
  {
    name: 'growth with keys in freed slots',
    slotsLog2: 2,
    before: ['to be or not', 'that is'],
    batch: ['the question whether tis', 'nobler in the', 'mind', 'suffer'],
  },
];

/** Counted after the crash, by the next member. */
const after = ['to be', 'the rest is silence'];

export interface CrashPoints {
  /** Shared accesses of the batches, each of which was the last of its member once, and those of them that write. */
  readonly points: number;
  readonly writes: number;
}

/**
 * Kills a member at every single shared access of a batch, lets the supervisor recover what it left, and a new member count on.
 * @returns so far; of a case that is begun all writes count
 * @throws Violation unless everything is exact every time
 */
export function* crashAtEveryPoint(product: Product, sums: BatchSums): Generator<CrashPoints> {
  let points = 0;
  let writes = 0;
  for (const crashCase of crashCases) {
    const whole = begin(product, sums, crashCase);
    const start = { accesses: whole.victim.fiber.accesses, writes: whole.victim.fiber.writes };
    assert(whole.step(Infinity), 'an undisturbed batch is counted');
    const accesses = whole.victim.fiber.accesses - start.accesses;
    writes += whole.victim.fiber.writes - start.writes;
    for (let point = 0; point < accesses; point += 1) {
      crashAt(begin(product, sums, crashCase), crashCase, point);
      points += 1;
      yield { points, writes };
    }
  }
}

interface Begun {
  readonly world: World;
  readonly victim: MemberThread;
  /** Continues the batch. @returns whether it is done */
  readonly step: (budget: number) => boolean;
}

/** A member that has counted what comes before the batch. */
function begin(product: Product, sums: BatchSums, { slotsLog2, before, batch }: CrashCase): Begun {
  const records = [...before, ...batch, ...after].map((value, offset) => ({
    offset,
    value: value === null ? null : Buffer.from(value),
  }));
  const topic = [new TopicPartition(0, records)];
  const world = new World({ product, sums, topic, protocol: 'EAGER', slotsLog2 });
  const victim = world.start();
  world.group.rebalance([victim.memberId]);
  const assigned = world.group.takeCallback(victim.memberId);
  assert(assigned !== undefined);
  world.step(victim, { type: 'rebalance', event: assigned.event, late: false }, Infinity);
  if (before.length > 0) {
    world.step(victim, { type: 'turn', batches: 1, recordsMax: before.length, redelivered: 0 }, Infinity);
  }
  const turn = { type: 'turn', batches: 1, recordsMax: batch.length, redelivered: 0 } as const;
  return { world, victim, step: (budget) => world.step(victim, turn, budget) };
}

function crashAt({ world, victim, step }: Begun, { name, before, batch }: CrashCase, point: number): void {
  assert(!step(point));
  world.kill(victim.memberId);
  try {
    while (!world.supervisor.inboxIsEmpty) world.supervisor.step(Infinity);
    const next = world.tables[0]?.nextOffset ?? -1;
    if (next !== before.length && next !== before.length + batch.length) {
      throw new Violation('counts', `half a batch is counted: up to ${next}`);
    }
    world.expectTable(0);
    healAndExpect(world, seededRandom(0));
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(error.check, `${name}, killed before access ${point}: ${error.message}`);
  }
}
