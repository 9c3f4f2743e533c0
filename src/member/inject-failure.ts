import { ClusterError } from '../errors.ts';
import type { InjectedFailure } from '../protocol/messages.ts';
import type { Assignment } from './assignment.ts';

const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Makes this thread fail in the given way; only `stress` asks for it. */
export function injectFailure(failure: InjectedFailure, assignment: Pick<Assignment, 'rewind'>): void {
  switch (failure.type) {
    case 'redeliver':
      assignment.rewind(failure.records);
      return;
    case 'throw':
      throw new ClusterError('memberFailed', 'injected failure (stress)');
    case 'stall':
      Atomics.wait(bell, 0, 0, failure.stallMs);
      return;
    case 'exhaustMemory':
      for (const hoard: unknown[] = []; ;) hoard.push(new Array(100_000).fill(hoard.length));
  }
}
