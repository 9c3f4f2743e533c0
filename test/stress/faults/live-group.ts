import { afterAll, beforeAll } from 'vitest';
import { resolveBrokers } from '../../../src/brokers/resolve.ts';
import type { FaultWorld } from '../../../src/stress/faults/fault-world.ts';
import { createTopic } from '../../../src/kafka/kafkajs/create-topic.ts';
import type { RunPlan } from '../../../src/stress/run-plan.ts';
import { openResources } from '../../../src/stress/run-resources.ts';
import { TestedGroup } from '../../../src/stress/tested-group.ts';

/** Limit of each wait on the group. */
export const timeoutMs = 30_000;

const plan: RunPlan = {
  ...{ seed: 1, durationMs: 60_000, mode: 'liveness', protocol: 'range', members: 2, partitions: 4, rate: 100 },
  faults: [],
};

export interface LiveGroup {
  readonly tested: TestedGroup;
  readonly world: FaultWorld;
}

/**
 * A group of two members that counts a feed on the mock cluster, for all tests of a file.
 * @returns the group, once the tests run
 */
export function liveGroup(): () => LiveGroup {
  let group: LiveGroup | undefined;
  let close = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    const brokers = await resolveBrokers({ properties: {}, source: 'mock', timeoutMs, log: () => undefined });
    const resources = await openResources(brokers, timeoutMs);
    const tested = new TestedGroup(plan, resources, {});
    close = async () => {
      await tested.supervisor.stop('kill');
      tested.endHistory();
      tested.feed.close();
      await resources.close();
    };
    const { connection } = resources;
    await createTopic({
      ...{ connection, topic: tested.topic, partitions: 4, timeoutMs },
      replicationFactor: undefined,
    });
    await tested.feed.start(timeoutMs);
    for (let member = 0; member < plan.members; member += 1) tested.supervisor.addMember();
    await tested.supervisor.waitSettled({ timeoutMs: timeoutMs });
    tested.supervisor.openGate();
    group = { tested, world: tested.world(plan, resources) };
  });
  afterAll(() => close());
  return () => {
    if (group === undefined) throw new Error('the group did not start');
    return group;
  };
}
