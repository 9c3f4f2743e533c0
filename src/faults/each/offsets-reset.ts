import { withOperator } from '../../kafka/operator.ts';
import type { Fault } from '../fault.ts';
import { whileEmpty } from './while-empty.ts';

const timeoutMs = 10_000;

/** As `kafka-consumer-groups --reset-offsets` does, which wants an empty group. The tables know better where they are. */
export const offsetsReset: Fault = {
  kind: 'offsets-reset',
  aim: (target) => ({
    text: 'the whole group, to offset 0',
    begin: async () => {
      const { connection, group, topic, partitions } = target;
      const zeros = Array.from({ length: partitions }, () => 0);
      await whileEmpty(target, () =>
        withOperator(connection, timeoutMs, (operator) => operator.resetCommittedOffsets(group.groupId, topic, zeros)),
      );
      return undefined;
    },
  }),
};
