import { test } from 'vitest';
import { openTopicGroup } from '../../src/cluster/topic-group.ts';
import { neverRestart } from '../../src/cluster/restart-policy.ts';
import { groupDefaults } from '../../src/config/group.ts';
import { expectAbortable, neverMs } from '../support/silent-server.ts';

test('an abort ends the wait for the brokers, and its connections', async () => {
  await expectAbortable((connection, signal) =>
    openTopicGroup({
      ...{ connection, signal, topic: 'topic', groupId: undefined, prefix: 'group', timeoutMs: neverMs },
      ...{ toEnd: false, discard: true, membersMax: 1, restart: neverRestart },
      group: (groupId) => ({ ...groupDefaults, groupId }),
    }),
  );
});
