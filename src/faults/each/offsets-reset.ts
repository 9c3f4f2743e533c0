import { endOffsetsOf } from '../../kafka/end-offsets.ts';
import { withOperator } from '../../kafka/operator.ts';
import type { Fault } from '../fault.ts';
import { whileEmpty } from './while-empty.ts';

const timeoutMs = 10_000;

/**
 * As `kafka-consumer-groups --reset-offsets` does, which wants an empty group. The tables know better where they are: who
 * believed the group would read again what was counted, or leave out what was not.
 */
export const offsetsReset: Fault = {
  kind: 'offsets-reset',
  aim: (target, { random }) => {
    const toEnd = random() < 0.5;
    return {
      text: `the whole group, to ${toEnd ? "the log's end" : 'offset 0'}`,
      begin: async () => {
        const { connection, group, topic, partitions } = target;
        await whileEmpty(target, async () => {
          const ends = toEnd ? await endOffsetsOf(connection, topic, timeoutMs) : [];
          const offsets = Array.from({ length: partitions }, (_, partition) => ends[partition] ?? 0);
          await withOperator(connection, timeoutMs, (operator) =>
            operator.resetCommittedOffsets(group.groupId, topic, offsets),
          );
        });
        return undefined;
      },
    };
  },
};
