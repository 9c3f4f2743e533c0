import assert from 'node:assert';
import { memoryOf, type CountTable, type TableMemory } from './table-memory.ts';

/**
 * Which member may write a table. One 64-bit word: bit 0 is set while a batch is being applied,
 * bits 1 to 31 are the owner (member number + 1, 0 for none), bits 32 to 62 the epoch. Every change
 * is one compare-and-swap:
 *
 *   free(e) -> applying(e + 1, owner) -> held   claim: the epoch rises by exactly 1, modulo 2^31
 *   held -> applying -> held                    the owner, around each batch with all its writes
 *   held -> applying -> free(e)                 release by the owner, or fence by the supervisor
 *
 * The thread that has set the lease to `applying` has exclusive access to the table: no other
 * thread can change the lease then. Events logged there are therefore logged in the order in which
 * they happened. A fence either precedes a batch, which is then refused, or waits. If the owner's
 * thread died in `applying`, recovery (recovery.ts) ends the batch and frees the lease.
 */
export interface Lease {
  /** 0 to 2^31 - 1. */
  readonly epoch: number;
  /** The member that holds it; undefined when it is free. */
  readonly owner: number | undefined;
  readonly applying: boolean;
}

const epochs = 2 ** 31;
const ownerMax = 2 ** 31 - 2;
/** The owner of tables that the changelog thread keeps current; no member has this number. */
export const changelogOwner = ownerMax;

function encode({ epoch, owner, applying }: Lease): bigint {
  const ownerBits = owner === undefined ? 0 : owner + 1;
  return (BigInt(epoch) << 32n) | BigInt(ownerBits * 2 + (applying ? 1 : 0));
}

function decode(word: bigint): Lease {
  const low = Number(word & 0xffff_ffffn);
  const ownerBits = Math.floor(low / 2);
  return {
    epoch: Number(word >> 32n),
    owner: ownerBits === 0 ? undefined : ownerBits - 1,
    applying: low % 2 === 1,
  };
}

export function readLease(memory: TableMemory): Lease {
  return decode(memory.loadLease());
}

/** @returns the member that holds the table now; undefined when it is free */
export function leaseOwner(table: CountTable): number | undefined {
  return readLease(memoryOf(table)).owner;
}

function swap(memory: TableMemory, from: Lease, to: Lease): boolean {
  return memory.swapLease(encode(from), encode(to));
}

/**
 * @param inside - called while no other thread can change the table
 * @returns the new lease; undefined when another member holds it
 */
export function claimLease(memory: TableMemory, owner: number, inside?: (epoch: number) => void): Lease | undefined {
  assert(Number.isInteger(owner) && owner >= 0 && owner <= ownerMax);
  const before = readLease(memory);
  if (before.owner !== undefined) return undefined;
  const held = { epoch: (before.epoch + 1) % epochs, owner, applying: false };
  if (!swap(memory, before, { ...held, applying: true })) return undefined;
  inside?.(held.epoch);
  leaveApply(memory, held);
  return held;
}

/** @returns true while `held` is the current lease; once false, it stays false */
export function holdsLease(memory: TableMemory, held: Lease): boolean {
  return memory.loadLease() === encode(held);
}

/** @returns false when the lease is lost: the caller must not write then */
export function enterApply(memory: TableMemory, held: Lease): boolean {
  return swap(memory, held, { ...held, applying: true });
}

export function leaveApply(memory: TableMemory, held: Lease): void {
  const left = swap(memory, { ...held, applying: true }, held);
  assert(left, 'the lease changed while a batch was being applied');
}

/**
 * @param inside - called while no other thread can change the table
 * @returns false when the lease was already lost
 */
export function releaseLease(memory: TableMemory, held: Lease, inside?: (epoch: number) => void): boolean {
  if (!enterApply(memory, held)) return false;
  inside?.(held.epoch);
  freeLease(memory);
  return true;
}

/**
 * Revokes the lease of its owner, whose later batches are then refused.
 * @param owner - the member to revoke it from; another member's lease is not changed
 * @param inside - called while no other thread can change the table
 * @returns 'busy' when a batch is in progress: try again, or end the owner's thread and recover
 */
export function fence(
  table: CountTable,
  owner: number,
  inside?: (epoch: number) => void,
): 'fenced' | 'not held' | 'busy' {
  const memory = memoryOf(table);
  const before = readLease(memory);
  if (before.owner !== owner) return 'not held';
  if (before.applying) return 'busy';
  return releaseLease(memory, before, inside) ? 'fenced' : 'busy';
}

/**
 * Frees the lease when no other thread can change it: in `applying`, or after its owner's thread
 * has ended.
 */
export function freeLease(memory: TableMemory): void {
  const before = readLease(memory);
  const freed = swap(memory, before, { ...before, owner: undefined, applying: false });
  assert(freed, 'another thread changed the lease');
}
