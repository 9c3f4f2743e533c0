import assert from 'node:assert';
import { seededRandom } from '../../../src/seeded-random.ts';
import { SteppedMemory } from '../../count/stepped-memory.ts';
import { TopicPartition } from '../topic.ts';
import { Violation } from '../violation.ts';
import { durableCrashCases, type Begun, type DurableCrashCase } from './durable-crash-cases.ts';
import { healAndExpectDurable, runCalmRound, type CalmRoundOptions } from './durable-heal.ts';
import type { DurableProduct } from './durable-product.ts';
import { withoutWaits } from './durable-schedule.ts';
import { DurableWorld, type DurableSums } from './durable-world.ts';
import { Death } from './surroundings.ts';

/** What becomes of the requests and markers that are under way when a thread ends. */
const deliveries = [
  'all arrives',
  'requests arrive late',
  'requests are lost',
  'a marker is late',
  'all markers are late',
  'offsets are late',
] as const;
type Delivery = (typeof deliveries)[number];

/**
 * What ends at a step: the thread, its process, or the thread because no answer comes. Or the
 * process stops at the end of its turn, and continues when another one has counted on.
 */
type Ending = 'thread' | 'process' | 'unanswered' | 'stopped';

interface Setting {
  readonly protocol: 'COOPERATIVE' | 'EAGER';
  readonly standby: boolean;
  /** Records are delivered over several turns. */
  readonly slowly: boolean;
  readonly deliveries: readonly Delivery[];
}

const settings: readonly Setting[] = [
  { protocol: 'COOPERATIVE', standby: true, slowly: true, deliveries },
  { protocol: 'EAGER', standby: false, slowly: false, deliveries: ['all arrives', 'a marker is late'] },
];
const variants = settings.flatMap((setting) => setting.deliveries.map((delivery) => ({ setting, delivery })));

/** Steps of which there are many: each is run once, with the endings and deliveries in turn. */
const isFrequent = /^(store|delivered|produced?|consume|read|have read|assign|assigned|post assigned)$/;
/** Calls that the brokers may leave without an answer. */
const isRequest = /^(sendOffsets|commit|abort) (sent|executed)$/;
const lateRounds = 4;
const rounds = 8;

export interface DurableCrashPoints {
  /** Runs, each with one end at one step. */
  readonly runs: number;
  /** Number of runs that ended before a step, by the step's name. */
  readonly ends: ReadonlyMap<string, number>;
}

interface Variant {
  readonly crashCase: DurableCrashCase;
  readonly setting: Setting;
  readonly delivery: Delivery;
}

/**
 * Ends a thread or a process once before each step of commits and takeovers: calls of a client,
 * what the brokers do for it, stores to shared memory, messages.
 * @returns what has been run so far
 * @throws Violation unless all processes settle and everything is exact every time
 */
export function* crashDurableAtEveryPoint(
  product: DurableProduct,
  sums: DurableSums,
): Generator<DurableCrashPoints, void> {
  const ends = new Map<string, number>();
  let runs = 0;
  for (const crashCase of durableCrashCases) {
    for (const [turn, each] of variants.entries()) {
      const variant = { ...each, crashCase };
      const steps = withoutWaits(() => stepsOf(begin(product, sums, variant), variant));
      for (const [index, step] of steps.entries()) {
        for (const ending of endingsOf(crashCase, step, index - turn)) {
          withoutWaits(() => {
            crashAt(begin(product, sums, variant), variant, { index, step, ending });
          });
          runs += 1;
          ends.set(step, (ends.get(step) ?? 0) + 1);
        }
        yield { runs, ends };
      }
    }
  }
}

/** @param turn - 0 for a variant that runs a frequent step */
function endingsOf({ victim }: DurableCrashCase, step: string, turn: number): Ending[] {
  if (isFrequent.test(step)) {
    if (turn % variants.length !== 0) return [];
    return victim === 'process' || (turn / variants.length) % 2 === 0 ? ['process'] : ['thread'];
  }
  if (victim === 'process') return ['process'];
  // Stopped here, a process has sent no record of its transaction.
  if (step === 'begin') return ['thread', 'process', 'stopped'];
  return isRequest.test(step) ? ['thread', 'process', 'unanswered', 'stopped'] : ['thread', 'process'];
}

function begin(product: DurableProduct, sums: DurableSums, { crashCase, setting }: Variant): Begun {
  const values = ['to be', 'or not', null, 'to be that', 'or Straße', 'not a whether', '', 'to be a'];
  const topic = [0, 3].map(
    (first) =>
      new TopicPartition(
        first,
        values.map((value, index) => ({
          offset: first + index + (index > 4 ? 1 : 0),
          value: value === null ? null : Buffer.from(value),
        })),
      ),
  );
  const world = new DurableWorld({
    ...{ product, sums, topic, ...setting, random: seededRandom(1) },
    view: (buffer, store) =>
      new SteppedMemory(buffer, (access) => {
        if (access === 'write') store();
      }),
  });
  world.calm = true;
  const begun = crashCase.begin(world);
  world.deliversSlowly = setting.slowly;
  return begun;
}

function roundOptions({ crashCase, delivery }: Variant, round: number): CalmRoundOptions {
  const pick = (ids: readonly string[]): string => ids.find((id) => id.startsWith(crashCase.heir)) ?? ids[0] ?? '';
  if (round >= lateRounds) return { pick };
  return {
    pick,
    isLate: (late) => {
      if (late === 'wire') return delivery === 'requests arrive late';
      if (late.partition === undefined) return delivery === 'offsets are late';
      return delivery === 'all markers are late' || (delivery === 'a marker is late' && late.partition === 0);
    },
  };
}

function runRound({ world, process, member }: Begun, variant: Variant, round: number): void {
  // The session of a stopped process ends.
  if (process.isStalled && member !== undefined) world.group.remove(member.clientId);
  if (world.processes.length === 0) world.startProcess(1);
  runCalmRound(world, roundOptions(variant, round));
}

/** The steps of an undisturbed run. */
function stepsOf(begun: Begun, variant: Variant): string[] {
  const steps: string[] = [];
  begun.world.losesWire = variant.delivery === 'requests are lost';
  begun.points.onStep = (step) => {
    steps.push(step);
  };
  for (let round = 0; round < rounds; round += 1) runRound(begun, variant, round);
  begun.points.onStep = undefined;
  healAndExpectDurable(begun.world);
  return steps;
}

/** The process stops at the end of this turn, and sends nothing meanwhile; more records come. */
function stop({ world, process }: Begun): void {
  process.isStalled = true;
  world.endsDead = false;
  world.available.fill(world.topic[0]?.records.length ?? 0);
}

function crashAt(
  begun: Begun,
  variant: Variant,
  { index, step, ending }: { readonly index: number; readonly step: string; readonly ending: Ending },
): void {
  const { world, points, member } = begun;
  world.losesWire = variant.delivery === 'requests are lost';
  points.endsAt = points.passed + index;
  if (member !== undefined) member.isProcess = ending === 'process';
  let hasEnded = false;
  points.ending = () => {
    hasEnded = true;
    if (ending === 'stopped') {
      stop(begun);
      return undefined;
    }
    return ending === 'unanswered' ? new world.TransactionError('fatal', 'memberFailed', 'timed out') : new Death();
  };
  try {
    for (let round = 0; round < rounds; round += 1) runRound(begun, variant, round);
    assert(hasEnded, 'the run is the same up to its end');
    world.endsDead = undefined;
    // A process that continues sends what it has left before it notices anything.
    world.deliversSlowly = false;
    healAndExpectDurable(world);
  } catch (error) {
    const { crashCase, setting, delivery } = variant;
    const where = `${crashCase.name}, ${setting.protocol}, ${delivery}, ${ending} ends before step ${index} (${step})`;
    if (error instanceof Violation) throw new Violation(error.check, `${where}: ${error.message}`);
    throw new Violation('errors', `${where}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  }
}
