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
  /** Whether the changelog is read under read_uncommitted: only a mutant does. */
  readonly readsUncommitted: boolean;
}

/** Called before and after each call of a client; throws `Death` when the thread ends there. */
export type CrashPoint = () => void;

/** The thread ends here. */
export class Death extends Error {}

export function chance(random: () => number, probability: number): boolean {
  return random() < probability;
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
