import type { DurableCells } from '../count/durable-cells.ts';
import { restoreRequest } from '../protocol/cells/restore-request.ts';
import type { MemberId, Partition } from '../protocol/ids.ts';

export interface RestoreRequest {
  readonly partition: Partition;
  readonly request: number;
}

/**
 * A member's requests for tables in a durable group. Another process may have counted a partition
 * meanwhile, so a member claims a table only after the changelog thread has brought it up to date
 * and granted this very request: a grant that comes after the partition was taken away is for a
 * request that no longer exists.
 */
export class RestoreRequests {
  readonly #memberId: MemberId;
  readonly #cells: (DurableCells | undefined)[];
  readonly #open = new Map<number, number>();
  readonly #unsent: RestoreRequest[] = [];
  #number = 0;

  /** @param cells - index is the partition; empty in a group that is not durable */
  constructor(memberId: MemberId, cells: readonly DurableCells[]) {
    this.#memberId = memberId;
    this.#cells = [...cells];
  }

  /** Cells of partitions that were added to the topic. */
  add(firstPartition: number, cells: readonly DurableCells[]): void {
    for (const [index, each] of cells.entries()) this.#cells[firstPartition + index] = each;
  }

  cellsOf(partition: number): DurableCells | undefined {
    return this.#cells[partition];
  }

  /** Asks for the table if the group is durable. @returns whether the table may be claimed at once */
  ask(partition: Partition): boolean {
    const cells = this.#cells[partition];
    if (cells === undefined) return true;
    this.#make(partition, (request) => {
      cells.request = request;
      return true;
    });
    return false;
  }

  /**
   * The supervisor has taken the table from this member, which as far as it knows still has the
   * partition. A request of another member stays: the group may have assigned the partition to that
   * one without the knowledge of this one.
   */
  askAgain(partition: Partition): void {
    const cells = this.#cells[partition];
    if (cells !== undefined) this.#make(partition, (request) => cells.requestFirst(request));
  }

  /** Whether a waiting table may be claimed now. */
  isGranted(partition: number): boolean {
    const cells = this.#cells[partition];
    return cells === undefined || cells.grant === this.#open.get(partition);
  }

  /**
   * The partition no longer belongs to this member. Call it before the table is released, so that
   * the changelog thread, which takes free tables without a request, finds none.
   */
  drop(partition: number): void {
    const request = this.#open.get(partition);
    if (request === undefined) return;
    this.#open.delete(partition);
    // Another member of this process may have asked for it since.
    this.#cells[partition]?.dropRequest(request);
  }

  /** Requests that the supervisor does not know of yet. */
  take(): RestoreRequest[] {
    return this.#unsent.splice(0);
  }

  /** @param write - whether the request is now the open one; otherwise it is not announced */
  #make(partition: Partition, write: (request: number) => boolean): void {
    // The changelog thread leaves a table alone as long as it is granted.
    this.drop(partition);
    const request = restoreRequest(this.#memberId, this.#number++);
    if (!write(request)) return;
    this.#open.set(partition, request);
    this.#unsent.push({ partition, request });
  }
}
