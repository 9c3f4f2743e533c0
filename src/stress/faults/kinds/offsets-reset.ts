import { endOffsetsOf } from '../../../kafka/kafkajs/end-offsets.ts';
import { withOperator } from '../../../kafka/kafkajs/operator.ts';
import { defineFault, instant } from '../fault.ts';
import { whileEmpty } from '../shared/while-empty.ts';

const timeoutMs = 10_000;

/**
 * Has the effect of `kafka-consumer-groups --reset-offsets`, which requires an empty group. The
 * tables keep the right offsets. A member that trusted the group's offsets would count records
 * twice or skip some.
 */
export const offsetsReset = defineFault({
  kind: 'offsets-reset',
  does: "empties the group and sets its committed offsets to 0 or to the log's end",
  scope: 'process',
  lane: 'membership',
  durationMs: instant,
  needs: 'kafka',
  inSelfTest: true,
  aim: (world, { random }) => {
    const toEnd = random() < 0.5;
    return {
      text: `the whole group, to ${toEnd ? "the log's end" : 'offset 0'}`,
      begin: async () => {
        const { connection, group, topic, partitions } = world;
        await whileEmpty(world, async () => {
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
});
