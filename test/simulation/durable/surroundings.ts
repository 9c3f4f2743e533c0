import type { TransactionError } from '../../../src/kafka/native/transaction-error.ts';
import type { TopicPartition } from '../topic.ts';
import type { Coordinator } from './coordinator.ts';
import type { DurableGroup } from './durable-group.ts';

/** What simulated clients live in. */
export interface Surroundings {
  readonly random: () => number;
  readonly topic: readonly TopicPartition[];
  /** Records of each partition that have been produced so far. */
  readonly available: readonly number[];
  readonly coordinator: Coordinator;
  readonly group: DurableGroup;
  /** The faults are over: every call is answered at once. */
  readonly calm: boolean;
  /** The program's class, which its code looks for. */
  readonly TransactionError: typeof TransactionError;
  /** Requests that a client has sent: they arrive some time, whatever becomes of their sender. */
  readonly wire: Set<() => void>;
  /** Whether what a dead sender has on the wire never arrives; undefined leaves it to chance. */
  readonly losesWire: boolean | undefined;
  /** Whether supervisors end the transactions of dead members at once or not yet; undefined leaves it to chance. */
  readonly endsDead: boolean | undefined;
  /** In calm, too, records reach the brokers only in several turns. */
  readonly deliversSlowly: boolean;
  /** Whether the changelog is read under read_uncommitted: only a mutant does. */
  readonly readsUncommitted: boolean;
}

/** Called with the name of each step of a thread, before it; throws when the thread ends there. */
export type CrashPoint = (step: string) => void;

/** The thread ends here. */
export class Death extends Error {}

export function chance(random: () => number, probability: number): boolean {
  return random() < probability;
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
