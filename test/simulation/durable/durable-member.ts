import type { BatchSums } from '../../../src/count/batch-sums.ts';
import type { CountTable } from '../../../src/count/table-memory.ts';
import type { ClusterError } from '../../../src/errors.ts';
import type { BatchConsumer } from '../../../src/kafka/native/consumer.ts';
import type { MemberTurn } from '../../../src/member/turn.ts';
import { createCountedTopic } from '../../../src/protocol/cells/counted-topic.ts';
import { createGate, openGate } from '../../../src/protocol/cells/gate.ts';
import { createMeter, MemberMeter } from '../../../src/protocol/cells/meter.ts';
import type { MemberId } from '../../../src/protocol/ids.ts';
import type { MemberMessage } from '../../../src/protocol/messages.ts';
import { DurableConsumer } from './durable-consumer.ts';
import type { DurableProduct } from './durable-product.ts';
import { SimProducer } from './sim-producer.ts';
import { Death, type Surroundings } from './surroundings.ts';
import { ThreadPoints } from './thread-points.ts';

const gateBuffer = createGate();
openGate(gateBuffer);
const gate = new Int32Array(gateBuffer);
/** Memory that no decision depends on. */
const unread = { meter: new MemberMeter(createMeter()), countedTopic: createCountedTopic(undefined) };
const commitIntervalMs = 100;

export interface DurableMemberOptions {
  readonly world: Surroundings & { readonly nowMs: number };
  readonly product: DurableProduct;
  readonly memberId: MemberId;
  readonly clientId: string;
  /** Names the thread in the changelog. */
  readonly writer: number;
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly sums: BatchSums;
  /** The thread's views of the shared memory. @param point - called at each access that may be its last */
  readonly memory: (point: () => void) => { readonly tables: CountTable[]; readonly cells: CountTable[] };
  /** Whether its process is stopped for now. */
  readonly isStopped: () => boolean;
  readonly post: (message: MemberMessage) => void;
}

/** A member's thread: the program's own turns over simulated clients. Each step is one turn of its event loop. */
export class DurableMember {
  readonly memberId: MemberId;
  readonly clientId: string;
  readonly consumer: DurableConsumer;
  /** Calls and accesses at which the thread may end. */
  readonly points = new ThreadPoints();
  /** Its process ends with it. */
  isProcess = false;
  isLeaving = false;
  hasLeft = false;
  readonly #world: DurableMemberOptions['world'];
  readonly #producer: SimProducer;
  readonly #turn: MemberTurn;
  /** The client has reported that the group has removed it. */
  #knowsLoss = false;
  #leaveMs: number | undefined;

  constructor(options: DurableMemberOptions) {
    const { world, product, memberId, clientId, writer, sums, protocol, post } = options;
    this.#world = world;
    this.memberId = memberId;
    this.clientId = clientId;
    const point = this.points.pass;
    this.consumer = new DurableConsumer(world, { clientId, protocol, sums, point });
    this.#producer = new SimProducer(world, clientId, point, options.isStopped);
    const { tables, cells } = options.memory(this.points.store);
    const { DurableCells } = product['count/durable-cells'];
    this.#turn = new product['member/turn'].MemberTurn({
      task: {
        memberId,
        topic: 'simulated',
        endOffsets: undefined,
        group: { workUs: 0, commitIntervalMs, groupProtocol: 'classic', batchRecordsMax: 64 },
      },
      client: this.consumer,
      memory: {
        ...unread,
        tables,
        durableCells: cells.map((each) => new DurableCells(each)),
        gate,
        history: undefined,
        sums,
      },
      clock: () => world.nowMs,
      post: (message) => {
        point(`post ${message.type}`);
        post(message);
      },
      durable: { producer: this.#producer, consumer: this.consumer as unknown as BatchConsumer, writer },
    });
  }

  /** @returns why the thread has ended, if it has */
  step(): string | undefined {
    this.points.beginTurn();
    try {
      if (this.isLeaving) this.#leave();
      else this.#run();
      return this.hasLeft ? 'has left' : undefined;
    } catch (error) {
      if (error instanceof Death) return 'dies';
      if (this.consumer.member.fenced) return 'is fenced';
      if (isMemberFailure(error)) return `fails: ${error.message}`;
      throw error;
    }
  }

  /** The thread has ended. */
  close(): void {
    this.#producer.close();
  }

  #run(): void {
    this.#turn.run();
    this.#receive();
    this.#turn.rebalance();
    if (this.consumer.member.fenced) throw new Fenced();
    if (!this.consumer.member.removed || this.consumer.assigned.length > 0) return;
    this.consumer.member = this.#world.group.join(this.clientId);
    this.#knowsLoss = false;
  }

  /** As leaveGroup does it. */
  #leave(): void {
    this.#leaveMs ??= this.#world.nowMs;
    const { mayRelease, advancedMs, releaseMsMax } = this.#turn;
    if (!mayRelease && this.#world.nowMs < Math.max(this.#leaveMs, advancedMs) + releaseMsMax) {
      this.#turn.finishCommit();
      return;
    }
    this.#turn.handOver();
    this.hasLeft = true;
  }

  /** The client's callbacks. */
  #receive(): void {
    const { member } = this.consumer;
    if (member.removed) {
      if (!this.#knowsLoss) this.#turn.onRebalance({ type: 'revoke', partitions: this.consumer.assigned, lost: true });
      this.#knowsLoss = true;
      return;
    }
    const callback = member.callbacks.shift();
    if (callback === undefined) return;
    member.generation = callback.generation ?? member.generation;
    this.#turn.onRebalance(callback.event);
  }
}

const memberFailures: readonly ClusterError['code'][] = ['memberFailed', 'commitInterrupted'];

/** The client reports that another member has the group.instance.id: the process ends. */
class Fenced extends Error {}

/** The program's own class may be another build's. */
function isMemberFailure(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && memberFailures.some((code) => code === error.code);
}
