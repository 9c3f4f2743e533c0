import { withOperator } from '../../../kafka/kafkajs/operator.ts';
import { brokerIds, type BrokerWorld, type FaultChoice } from '../fault-world.ts';
import type { Aim } from '../fault.ts';

const moveTimeoutMs = 10_000;

/**
 * Leaves a partition on one broker alone, which then leads it, and restores both replicas at the
 * end.
 */
export function movedLeader(
  world: BrokerWorld,
  { random }: FaultChoice,
  moved: { readonly topic: string; readonly partition: number; readonly text: string },
): Aim | undefined {
  const ids = brokerIds(world);
  const first = ids[Math.floor(random() * ids.length)];
  if (first === undefined) return undefined;
  const replicas = [first, ...ids.filter((nodeId) => nodeId !== first)];
  const { topic, partition, text } = moved;
  const move = (to: readonly number[]): Promise<void> =>
    withOperator(world.connection, moveTimeoutMs, (operator) => operator.moveReplicas(topic, partition, to));
  return {
    text: `${text} to broker ${first}`,
    begin: async () => {
      await move([first]);
      return () => move(replicas);
    },
  };
}
