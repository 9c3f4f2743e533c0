import { WordcountError } from '../errors.ts';
import type { Sabotage } from '../protocol/messages.ts';
import type { Assignment } from './assignment.ts';

const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Makes this thread fail as told: what `stress` uses. */
export function fail(how: Sabotage, assignment: Pick<Assignment, 'rewind'>): void {
  switch (how.type) {
    case 'redeliver':
      assignment.rewind(how.records);
      return;
    case 'throw':
      throw new WordcountError('memberFailed', 'told to throw (stress)');
    case 'stall':
      Atomics.wait(bell, 0, 0, how.stallMs);
      return;
    case 'exhaustMemory':
      for (const hoard: unknown[] = []; ;) hoard.push(new Array(100_000).fill(hoard.length));
  }
}
