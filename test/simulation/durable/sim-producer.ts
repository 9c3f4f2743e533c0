import type { BatchConsumer, Position } from '../../../src/kafka/native/consumer.ts';
import type { DurableClient } from '../../../src/member/durable-commits.ts';
import type { ChangelogRecord } from './changelog-log.ts';
import { chance, type CrashPoint, type Surroundings } from './surroundings.ts';
import type { DurableConsumer } from './durable-consumer.ts';

interface Queued {
  readonly partition: number;
  readonly record: ChangelogRecord;
}

type Answer = 'done' | 'stale' | 'fenced' | 'concurrent';

/** A request to a coordinator. It is executed some time between the first call and the answer. */
interface Call {
  readonly execute: () => Answer;
  answer: Answer | undefined;
}

const rowFields = 5;
const queueMax = 12;

/** The transactional producer as a member sees it. Its records and requests reach the brokers late. */
export class SimProducer implements Pick<DurableClient['producer'], keyof DurableClient['producer']> {
  readonly #world: Surroundings;
  readonly #transactionalId: string;
  readonly #point: CrashPoint;
  readonly #isStopped: () => boolean;
  readonly #queue: Queued[] = [];
  readonly #lastOffsets = new Map<number, number>();
  #epoch = -1;
  #delivered = 0;
  #failed = false;
  #isFenced = false;
  #isOpen = true;
  /** The brokers know of the transaction. */
  #hasReached = false;
  #call: Call | undefined;

  /** @param isStopped - whether its process sends nothing for now */
  constructor(world: Surroundings, transactionalId: string, point: CrashPoint, isStopped: () => boolean) {
    this.#world = world;
    this.#isStopped = isStopped;
    this.#transactionalId = transactionalId;
    this.#point = point;
    world.wire.add(this.#work);
  }

  /** The thread has ended: what is under way may still arrive. */
  close(): void {
    this.#isOpen = false;
    const { losesWire = chance(this.#world.random, 0.5) } = this.#world;
    if (losesWire) this.#world.wire.delete(this.#work);
  }

  initialise(): boolean {
    this.#point('initialise');
    const epoch = this.#world.coordinator.initialise(this.#transactionalId);
    this.#point('initialise answered');
    if (epoch === 'concurrent' || this.#isSlow()) return false;
    this.#epoch = epoch;
    return true;
  }

  begin(): void {
    this.#point('begin');
    this.#failed = false;
    this.#hasReached = false;
    this.#lastOffsets.clear();
  }

  produce(bytes: Uint8Array, rows: Float64Array, from: number, to: number): number {
    this.#point('produce');
    this.#throwOnFailed();
    const room = this.#world.calm ? Infinity : Math.max(0, queueMax - this.#queue.length);
    const count = Math.min(to - from, room);
    for (let row = from; row < from + count; row += 1) {
      const [partition = 0, keyStart = 0, keyLength = 0, valueStart = 0, valueLength = 0] = rows.subarray(
        row * rowFields,
        (row + 1) * rowFields,
      );
      const copy = (start: number, length: number): Buffer => Buffer.from(bytes.slice(start, start + length));
      this.#queue.push({ partition, record: { key: copy(keyStart, keyLength), value: copy(valueStart, valueLength) } });
    }
    this.#point('produced');
    return count;
  }

  poll(): void {
    if (!this.#world.calm) return;
    const left = this.#world.deliversSlowly ? Math.floor(this.#queue.length / 2) : 0;
    while ((this.#queue.length === 0 || this.#queue.length > left) && this.#work()) this.#point('delivered');
  }

  get queued(): number {
    return this.#queue.length;
  }

  get delivered(): number {
    return this.#delivered;
  }

  lastOffset(partition: number): number {
    return this.#lastOffsets.get(partition) ?? -1;
  }

  sendOffsets(consumer: BatchConsumer, positions: readonly Position[]): boolean {
    // Brokers accept offsets that come without metadata, as of old clients, from anyone.
    const metadata = (consumer as unknown as DurableConsumer | undefined)?.metadata;
    return this.#step('sendOffsets', () => {
      const { group, coordinator } = this.#world;
      if (metadata !== undefined && !group.accepts(metadata.member, metadata.generation)) return 'stale';
      const offsets = new Map(positions.map(({ partition, offset }) => [partition, offset]));
      const added = coordinator.addOffsets(this.#transactionalId, this.#epoch, offsets);
      this.#hasReached ||= added === 'added';
      return added === 'added' ? 'done' : added;
    });
  }

  commit(): boolean {
    // The client sends everything before it ends a transaction.
    if (this.#queue.length > 0 && !this.#failed) {
      this.#point('commit waits');
      return false;
    }
    return this.#end('commit', 'committed');
  }

  abort(): boolean {
    this.#queue.splice(0);
    this.#failed = false;
    return this.#end('abort', 'aborted');
  }

  #end(request: 'commit' | 'abort', outcome: 'committed' | 'aborted'): boolean {
    const hasReached = this.#hasReached;
    return this.#step(request, () => {
      if (!hasReached) return 'done';
      const ended = this.#world.coordinator.end(this.#transactionalId, this.#epoch, outcome);
      return ended === 'ended' ? 'done' : ended;
    });
  }

  #step(request: string, execute: () => Answer): boolean {
    this.#point(request);
    if (this.#call === undefined) {
      this.#throwOnFailed();
      this.#call = { execute, answer: undefined };
      if (!this.#world.calm && chance(this.#world.random, 0.02)) this.#timeOut(this.#call);
    }
    const call = this.#call;
    this.#point(`${request} sent`);
    if (!this.#isSlow()) this.#execute();
    if (!this.#world.calm && chance(this.#world.random, 0.01)) this.#timeOut(call);
    this.#point(`${request} executed`);
    if (call.answer === undefined || this.#isSlow()) return false;
    this.#call = undefined;
    this.#point(`${request} answered`);
    if (call.answer === 'stale') throw this.#error('abort', 'the group has moved on');
    if (call.answer === 'fenced') throw this.#error('fatal', 'fenced');
    return true;
  }

  /** The answer never comes: only the brokers know, and they may receive the request much later. */
  #timeOut(call: Call): never {
    this.#call = undefined;
    const { wire } = this.#world;
    const arrive = (): void => {
      if (!this.#world.calm && chance(this.#world.random, 0.95)) return;
      if (call.answer === undefined && call.execute() === 'concurrent') return;
      wire.delete(arrive);
    };
    wire.add(arrive);
    throw this.#error('fatal', 'timed out');
  }

  /** One thing that the client does in the background. @returns whether there was any */
  readonly #work = (): boolean => {
    if (this.#call !== undefined && this.#call.answer === undefined && this.#execute()) return true;
    const [next] = this.#queue;
    if (next === undefined || this.#failed || this.#isStopped()) return false;
    const { calm, random, coordinator } = this.#world;
    if (!calm && chance(random, 0.005)) {
      // The records behind it fail with it.
      this.#failed = true;
      this.#queue.splice(0);
      return true;
    }
    const offset = coordinator.append(this.#transactionalId, this.#epoch, next.partition, next.record);
    if (offset === 'concurrent') return false;
    if (offset === 'fenced') {
      this.#isFenced = true;
      this.#failed = true;
      this.#queue.splice(0);
      return false;
    }
    this.#hasReached = true;
    this.#delivered += 1;
    this.#queue.shift();
    this.#lastOffsets.set(next.partition, offset);
    return true;
  };

  /** @returns whether the coordinator has answered */
  #execute(): boolean {
    const call = this.#call;
    if (call === undefined || call.answer !== undefined) return false;
    const answer = call.execute();
    // The client asks again.
    if (answer === 'concurrent') return false;
    call.answer = answer;
    return true;
  }

  #isSlow(): boolean {
    return !this.#world.calm && chance(this.#world.random, 0.4);
  }

  #throwOnFailed(): void {
    if (this.#isFenced) throw this.#error('fatal', 'fenced');
    if (this.#failed && this.#isOpen) throw this.#error('abort', 'a record could not be delivered');
  }

  #error(outcome: 'abort' | 'fatal', message: string): Error {
    if (outcome === 'abort') this.#call = undefined;
    return new this.#world.TransactionError(outcome, 'memberFailed', message);
  }
}
