import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { fence } from '../../src/count/lease.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { Assignment } from '../../src/member/assignment.ts';
import { ModelClient } from './model-client.ts';
import { emptyTables, memberId, rowsOf } from './turn-member.ts';

const partitions = [0, 1, 2];
/** Partition 2 is not part of the count. */
const endOffsets = [10, 10, 0];
const another = 7;

type Step =
  | { readonly type: 'assign' | 'revoke'; readonly set: readonly number[]; readonly late: boolean }
  | { readonly type: 'taken' | 'freed' | 'leaseRevoked' | 'advanced'; readonly partition: number }
  | { readonly type: 'claimWaiting' | 'openGate' };

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom('assign', 'revoke'), set: fc.subarray(partitions), late: fc.boolean() }),
    fc.record({
      type: fc.constantFrom('taken', 'freed', 'leaseRevoked', 'advanced'),
      partition: fc.constantFrom(...partitions),
    }),
    fc.record({ type: fc.constantFrom('claimWaiting', 'openGate') }),
  ),
  { maxLength: 40 },
) as fc.Arbitrary<readonly Step[]>;

/** A member that gets and loses partitions while another member, its supervisor and its gate act, too. */
class Surroundings {
  readonly client: ModelClient;
  readonly assignment: Assignment;
  /** Partitions that the group assigns to the member. */
  readonly given = new Set<number>();
  gateOpen = false;
  readonly #tables = emptyTables(partitions.length);
  readonly #others = this.#tables.map((table) => new TableWriter(table));
  readonly #readers = this.#tables.map((table) => new TableReader(table));
  readonly #sums = new BatchSums({ tokenizer: 'unicode' });
  readonly #held = new Set<number>();

  constructor(protocol: 'EAGER' | 'COOPERATIVE') {
    this.client = new ModelClient(new BatchSums({ tokenizer: 'unicode', fields: rowsOf }), protocol);
    this.assignment = new Assignment({ memberId, endOffsets }, this.client, {
      tables: this.#tables,
      durableCells: [],
      history: undefined,
    });
  }

  nextOffset(partition: number): number {
    return this.#readers[partition]?.progress().nextOffset ?? NaN;
  }

  perform(step: Step): void {
    switch (step.type) {
      case 'assign':
        this.#assign(step.set, step.late);
        return;
      case 'revoke':
        this.#revoke(step.set);
        return;
      case 'taken':
        if (!this.#held.has(step.partition) && this.#others[step.partition]?.claim(another) !== undefined)
          this.#held.add(step.partition);
        return;
      case 'freed':
        if (this.#held.delete(step.partition)) this.#others[step.partition]?.release();
        return;
      case 'advanced':
        this.#advance(step.partition);
        return;
      case 'leaseRevoked':
        this.#revokeLease(step.partition);
        return;
      case 'claimWaiting':
        this.assignment.claimWaiting();
        return;
      case 'openGate':
        this.gateOpen = true;
        this.assignment.openGate();
    }
  }

  /** Under the eager protocol everything is revoked before an assignment. */
  #assign(set: readonly number[], late: boolean): void {
    if (this.client.rebalanceProtocol() === 'EAGER') this.#revoke([...this.given]);
    const added = set.filter((partition) => !this.given.has(partition));
    this.client.late = late;
    this.assignment.assign({ type: 'assign', partitions: added, lost: false });
    this.client.late = false;
    if (!late) for (const partition of added) this.given.add(partition);
  }

  #revoke(set: readonly number[]): void {
    const eager = this.client.rebalanceProtocol() === 'EAGER';
    const revoked = eager ? [...this.given] : set.filter((partition) => this.given.has(partition));
    this.assignment.revoke({ type: 'revoke', partitions: revoked, lost: false });
    for (const partition of revoked) this.given.delete(partition);
  }

  #advance(partition: number): void {
    if (!this.#held.has(partition) || this.nextOffset(partition) >= 10) return;
    this.#sums.reset();
    this.#others[partition]?.apply(this.#sums, { nextOffset: this.nextOffset(partition) + 1 });
  }

  #revokeLease(partition: number): void {
    const table = this.#tables[partition];
    const writer = this.assignment.owned.get(partition)?.writer;
    if (table === undefined || writer === undefined || fence(table, memberId) !== 'fenced') return;
    // The member notices by its next write.
    this.#sums.reset();
    expect(writer.apply(this.#sums, { nextOffset: writer.nextOffset + 1 })).toEqual({ type: 'fenced' });
    this.assignment.leaseRevoked(partition);
  }
}

test('a member fetches exactly what it owns and still has to count, from the next offset of the table', () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  console.log(`TEST_SEED=${seed}`);
  fc.assert(
    fc.property(fc.constantFrom('EAGER' as const, 'COOPERATIVE' as const), steps, (protocol, list) => {
      const around = new Surroundings(protocol);
      for (const step of list) {
        around.perform(step);
        const { assignment, client, given, gateOpen } = around;
        expect(new Set([...assignment.owned.keys(), ...assignment.waitingPartitions])).toEqual(given);
        const fetched = [...assignment.owned.keys()]
          .filter((partition) => gateOpen && around.nextOffset(partition) < (endOffsets[partition] ?? 0))
          .map((partition) => [partition, around.nextOffset(partition)]);
        expect([...client.fetched].sort()).toEqual(fetched.sort());
      }
    }),
    { seed, numRuns: 1_000 },
  );
});

test('a restart fetches again from the next offset of the table', () => {
  for (const protocol of ['EAGER', 'COOPERATIVE'] as const) {
    const around = new Surroundings(protocol);
    around.perform({ type: 'openGate' });
    around.perform({ type: 'assign', set: [0, 1], late: false });
    around.client.positions.set(0, 5);
    around.assignment.restart(0);
    expect(around.client.fetched.get(0)).toBe(0);
    around.assignment.restart(2);
    expect(around.client.positions.has(2)).toBe(false);
  }
});
