import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { neverRestart } from '../../src/cluster/restart-policy.ts';
import { Supervisor } from '../../src/cluster/supervisor.ts';
import type { ClusterEvent, SupervisorOptions } from '../../src/cluster/supervisor-options.ts';
import { groupDefaults, type GroupConfig } from '../../src/config/group.ts';
import type { FilledTopic } from './filled-topic.ts';

export interface TestCluster {
  readonly supervisor: Supervisor;
  /** All events so far. */
  readonly events: readonly ClusterEvent[];
}

/** A supervisor without members on a filled topic, killed at the end of the test. */
export function testCluster(
  {
    connection,
    topic,
    beginOffsets,
    endOffsets,
  }: Omit<FilledTopic, 'reference' | 'endOffsets'> & Partial<Pick<FilledTopic, 'endOffsets'>>,
  group: Partial<GroupConfig> = {},
  options: Partial<SupervisorOptions> = {},
): TestCluster {
  const events: ClusterEvent[] = [];
  const supervisor = new Supervisor({
    connection,
    topic,
    beginOffsets,
    ...(endOffsets === undefined ? {} : { endOffsets }),
    group: { ...groupDefaults, groupId: `test-${randomUUID().slice(0, 8)}`, ...group },
    membersMax: 5,
    restart: neverRestart,
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(() => supervisor.stop('kill'));
  return { supervisor, events };
}
