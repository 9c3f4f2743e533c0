import type { GroupFailure } from './group-failure.ts';
import { groupSettled } from './group-settled.ts';
import type { Roster } from './roster.ts';
import type { TableRegistry } from './table-registry.ts';
import { waitUntil, type WaitOptions } from './wait-until.ts';

/** What the waits look at. */
export interface WaitedGroup {
  readonly groupId: string;
  readonly roster: Roster;
  readonly tables: TableRegistry;
  readonly failure: GroupFailure;
}

/** Resolves when every partition has exactly one owner and surplus members stand by. @throws what the group failed with */
export async function untilSettled(group: WaitedGroup, options: WaitOptions): Promise<void> {
  const { groupId, roster, tables, failure } = group;
  const settled = (): boolean => {
    failure.throwIfFailed();
    return groupSettled(
      roster.all.map(({ state }) => state),
      tables.buffers.length,
    );
  };
  await waitUntil(settled, options, () => `group ${groupId} has not come to rest: ${roster.phases()}`);
}

/** Resolves when the tables have reached the offsets, exclusive. @throws what the group failed with */
export async function untilReached(
  group: WaitedGroup,
  endOffsets: readonly number[],
  options: WaitOptions,
): Promise<void> {
  const { groupId, roster, tables, failure } = group;
  const missing = (): number =>
    tables.nextOffsets().reduce((sum, next, partition) => sum + Math.max(0, (endOffsets[partition] ?? 0) - next), 0);
  const reached = (): boolean => {
    failure.throwIfFailed();
    return missing() === 0;
  };
  const what = (): string => `group ${groupId} has not reached its end offsets, ${missing()} to go: ${roster.phases()}`;
  await waitUntil(reached, options, what);
}
