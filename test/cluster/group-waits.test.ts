import { expect, test } from 'vitest';
import { GroupFailure } from '../../src/cluster/group-failure.ts';
import { untilReached } from '../../src/cluster/group-waits.ts';
import { Roster } from '../../src/cluster/roster.ts';
import { TableRegistry } from '../../src/cluster/table-registry.ts';
import { groupDefaults } from '../../src/config/group.ts';

test('a partition that has no table yet has not reached its end offset', async () => {
  const tables = new TableRegistry({ beginOffsets: [11, 10], group: { ...groupDefaults, groupId: 'added' } });
  const group = { groupId: 'added', roster: new Roster(), tables, failure: new GroupFailure() };
  await untilReached(group, [11, 10, 0], { timeoutMs: 0 });
  await expect(untilReached(group, [11, 10, 5, 7], { timeoutMs: 0 })).rejects.toThrow(
    '12 offsets remaining (partition 2 at 0, partition 3 at 0)',
  );
  tables.addTo(4);
  await expect(untilReached(group, [11, 10, 5, 7], { timeoutMs: 0 })).rejects.toThrow('12 offsets remaining');
});
