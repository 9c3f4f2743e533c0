import { withOperator } from '../../kafka/operator.ts';
import { brokerIds, type FaultTarget } from '../fault-target.ts';
import type { FaultChoice } from '../fault-choice.ts';
import type { Aim } from '../fault.ts';

const moveMsMax = 10_000;

/** Leaves a partition to one broker alone, which then leads it, and gives it to both again at the end. */
export function movedLeader(
  target: FaultTarget,
  { random }: FaultChoice,
  moved: { readonly topic: string; readonly partition: number; readonly text: string },
): Aim | undefined {
  const ids = brokerIds(target);
  const first = ids[Math.floor(random() * ids.length)];
  if (first === undefined) return undefined;
  const replicas = [first, ...ids.filter((nodeId) => nodeId !== first)];
  const { topic, partition, text } = moved;
  const move = (to: readonly number[]): Promise<void> =>
    withOperator(target.connection, moveMsMax, (operator) => operator.moveReplicas(topic, partition, to));
  return {
    text: `${text} to broker ${first}`,
    begin: async () => {
      await move([first]);
      return () => move(replicas);
    },
  };
}
