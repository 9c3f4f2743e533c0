import { expect, test } from 'vitest';
import { GroupFailure } from '../../src/cluster/group-failure.ts';
import { untilReached, untilSettled } from '../../src/cluster/group-waits.ts';
import { Roster } from '../../src/cluster/roster.ts';
import { TableRegistry } from '../../src/cluster/table-registry.ts';
import { groupDefaults } from '../../src/config/group.ts';

test('a partition that has no table yet has not reached its end offset', async () => {
  const tables = new TableRegistry({ beginOffsets: [11, 10], group: { ...groupDefaults, groupId: 'added' } });
  const group = { groupId: 'added', roster: new Roster('added'), tables, failure: new GroupFailure() };
  await untilReached(group, [11, 10, 0], { timeoutMs: 0 });
  await expect(untilReached(group, [11, 10, 5, 7], { timeoutMs: 0 })).rejects.toThrow(
    '12 offsets remaining (partition 2 at 0, partition 3 at 0)',
  );
  tables.addTo(4);
  await expect(untilReached(group, [11, 10, 5, 7], { timeoutMs: 0 })).rejects.toThrow('12 offsets remaining');
});

test('a wait ends with its group, unless what it waits for has happened', async () => {
  const tables = new TableRegistry({ beginOffsets: [11], group: { ...groupDefaults, groupId: 'stopped' } });
  const group = { groupId: 'stopped', roster: new Roster('stopped'), tables, failure: new GroupFailure() };
  const waits = [untilReached(group, [12], { timeoutMs: 3_600_000 }), untilSettled(group, { timeoutMs: 3_600_000 })];
  group.roster.close();
  for (const wait of waits) await expect(wait).rejects.toThrow('group stopped has stopped');
  await untilReached(group, [11], { timeoutMs: 0 });
  const reason = new Error('the caller gave up');
  const interrupted = { timeoutMs: 0, signal: AbortSignal.abort(reason) };
  await expect(untilReached(group, [12], interrupted)).rejects.toBe(reason);
});
