import { BatchSums } from '../../../src/count/batch-sums.ts';
import { changelogOwner, leaseOwner } from '../../../src/count/lease.ts';
import { TableReader } from '../../../src/count/table-reader.ts';
import type { CountTable } from '../../../src/count/table-memory.ts';
import { keyedRow, keyedRowFields } from '../../../src/kafka/native/changelog-reader.ts';
import { row, rowFields } from '../../../src/kafka/native/consumer.ts';
import type { TransactionError } from '../../../src/kafka/native/transaction-error.ts';
import type { TopicPartition } from '../topic.ts';
import { Violation } from '../violation.ts';
import type { Transaction } from './changelog-log.ts';
import { Coordinator } from './coordinator.ts';
import { DurableGroup } from './durable-group.ts';
import type { DurableMember } from './durable-member.ts';
import { DurableProcess } from './durable-process.ts';
import type { DurableProduct } from './durable-product.ts';
import { expectContents, expectFollows, expectOwnTable } from './expect-changelog.ts';
import type { Surroundings } from './surroundings.ts';

/** Buffers of the batches of all threads: a turn leaves nothing in them. */
export interface DurableSums {
  readonly members: BatchSums;
  readonly followers: BatchSums;
}

export function durableSums(): DurableSums {
  const fields = {
    stride: rowFields,
    start: row.start,
    length: row.length,
    partition: row.partition,
    offset: row.offset,
  };
  const { keyStart, keyLength, valueStart: start, valueLength: length } = keyedRow;
  return {
    members: new BatchSums({ tokenizer: 'unicode', fields }),
    followers: new BatchSums({
      tokenizer: 'unicode',
      fields: { stride: keyedRowFields, start, length, keyStart, keyLength },
    }),
  };
}

function unchanged(buffer: SharedArrayBuffer): CountTable {
  return buffer;
}

export interface DurableWorldOptions {
  readonly product: DurableProduct;
  readonly sums: DurableSums;
  readonly random: () => number;
  readonly topic: readonly TopicPartition[];
  readonly protocol: 'EAGER' | 'COOPERATIVE';
  readonly standby: boolean;
  /** Whether the members are static, and processes may be restarted under their names. */
  readonly isStatic?: boolean;
  readonly readsUncommitted?: boolean;
  /** A thread's view of shared memory; by default the memory itself. */
  readonly view?: (buffer: SharedArrayBuffer, point: () => void) => CountTable;
  readonly trace?: ((line: string) => void) | undefined;
}

/** Brokers, group, processes and time of one schedule, and what must hold at each of its steps. */
export class DurableWorld implements Surroundings {
  readonly random: () => number;
  readonly topic: readonly TopicPartition[];
  readonly available: number[];
  readonly coordinator: Coordinator;
  readonly group: DurableGroup;
  readonly wire = new Set<() => void>();
  readonly readsUncommitted: boolean;
  losesWire: boolean | undefined;
  endsDead: boolean | undefined;
  deliversSlowly = false;
  readonly TransactionError: typeof TransactionError;
  readonly processes: DurableProcess[] = [];
  /** Names of the processes that have ended. */
  readonly ended: string[] = [];
  calm = false;
  nowMs = 0;
  /** Transactions that were committed. */
  commits = 0;
  aborts = 0;
  readonly #options: DurableWorldOptions;
  /** The newest progress in each changelog partition. */
  readonly #reached: number[];
  #processesEver = 0;
  #writers = 0;

  constructor(options: DurableWorldOptions) {
    const { topic, random, protocol, product } = options;
    this.#options = options;
    this.random = random;
    this.topic = topic;
    this.available = topic.map(() => 0);
    this.#reached = topic.map(({ beginOffset }) => beginOffset);
    this.readsUncommitted = options.readsUncommitted ?? false;
    this.TransactionError = product['kafka/native/transaction-error'].TransactionError;
    this.group = new DurableGroup(protocol, topic.length);
    this.coordinator = new Coordinator(topic.length, {
      decided: (transaction) => {
        this.#decided(transaction);
      },
      marked: (partition) => {
        this.#expectVisible(partition);
      },
      offsetsVisible: () => undefined,
    });
  }

  trace(line: string): void {
    this.#options.trace?.(line);
  }

  get isStatic(): boolean {
    return this.#options.isStatic ?? false;
  }

  nextWriter(): number {
    this.#writers += 1;
    return this.#writers;
  }

  /** @param name - that of an earlier process, which may be alive; by default a new one */
  startProcess(members: number, name = `process${this.#processesEver}`): DurableProcess {
    const { product, protocol, standby, isStatic = false, sums, view = unchanged, trace } = this.#options;
    const process = new DurableProcess({
      ...{ world: this, product, protocol, standby, isStatic, view, trace, name },
      memberSums: sums.members,
      followerSums: sums.followers,
    });
    this.#processesEver += 1;
    for (let index = 0; index < members; index += 1) process.addMember();
    this.processes.push(process);
    return process;
  }

  endProcess(process: DurableProcess): void {
    this.trace(`${process.name} dies`);
    process.close();
    this.ended.push(process.name);
    this.processes.splice(this.processes.indexOf(process), 1);
  }

  /** One turn of a member. */
  step(process: DurableProcess, member: DurableMember): void {
    const end = member.step();
    if (end !== undefined) {
      this.trace(`${member.clientId} ${end}`);
      if ((end === 'dies' && member.isProcess) || end === 'is fenced') {
        this.endProcess(process);
        return;
      }
      process.memberEnded(member);
      return;
    }
    for (const [partition, table] of process.registry.buffers.entries()) {
      const topic = this.topic[partition];
      if (topic === undefined || leaseOwner(table) !== member.memberId) continue;
      expectOwnTable(partition, table, topic);
    }
  }

  /** One step of a supervisor. */
  supervise(process: DurableProcess): void {
    if (process.supervise()) this.endProcess(process);
  }

  /** One turn of a changelog thread. */
  follow(process: DurableProcess): void {
    if (process.follow()) this.endProcess(process);
    else if (this.random() < 0.2) this.expectStandbys(process);
  }

  /** @throws Violation unless each table that follows the changelog equals it */
  expectStandbys(process: DurableProcess): void {
    const { DurableCells } = this.#options.product['count/durable-cells'];
    for (const [partition, table] of process.registry.buffers.entries()) {
      const buffer = process.registry.durableCells[partition];
      const log = this.coordinator.logs[partition];
      if (buffer === undefined || log === undefined || leaseOwner(table) !== changelogOwner) continue;
      const cells = new DurableCells(buffer);
      const { nextOffset } = new TableReader(table).progress();
      if (cells.changed > 0 || nextOffset !== cells.committedNextOffset) continue;
      expectFollows(partition, table, log.contentsBelow(cells.changelogOffset));
    }
  }

  /** A decided transaction has, for each of its partitions, words, progress and consumed offset. */
  #decided(transaction: Transaction): void {
    this.trace(`transaction of ${transaction.transactionalId} is ${transaction.outcome}`);
    if (transaction.outcome === 'aborted') this.aborts += 1;
    if (transaction.outcome !== 'committed') return;
    this.commits += 1;
    for (const [partition, log] of this.coordinator.logs.entries()) {
      const wrote = log.entries.some((entry) => entry.transaction === transaction);
      const offset = transaction.offsets.get(partition);
      if (!wrote && offset === undefined) continue;
      const progress = log.progressOf(transaction)?.nextOffset;
      if (offset !== undefined && offset === progress) continue;
      const found = `commits offset ${offset ?? 'none'} with progress ${progress ?? 'none'}`;
      throw new Violation('commits', `${transaction.transactionalId} ${found} of partition ${partition}`);
    }
  }

  #expectVisible(partition: number): void {
    const log = this.coordinator.logs[partition];
    const topic = this.topic[partition];
    if (log === undefined || topic === undefined) return;
    const stable = log.lastStable;
    const below = new Set(log.entries.slice(0, stable).map(({ transaction }) => transaction));
    // Readers see a part of it; its end comes when an older transaction has ended.
    const isCut = log.entries
      .slice(stable)
      .some(({ transaction, record }) => record !== undefined && below.has(transaction));
    if (isCut) return;
    const contents = log.contentsBelow(stable);
    expectContents(partition, topic, contents);
    const nextOffset = contents.progress?.nextOffset ?? topic.beginOffset;
    const before = this.#reached[partition] ?? 0;
    if (nextOffset < before) {
      throw new Violation('commits', `the progress of partition ${partition} falls from ${before} to ${nextOffset}`);
    }
    this.#reached[partition] = nextOffset;
  }
}
