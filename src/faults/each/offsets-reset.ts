import { withOperator } from '../../kafka/operator.ts';
import { liveMembers } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

const timeoutMs = 10_000;

/** As `kafka-consumer-groups --reset-offsets` does, which wants an empty group. The tables know better where they are. */
export const offsetsReset: Fault = {
  kind: 'offsets-reset',
  aim: (target) => ({
    text: 'the whole group, to offset 0',
    begin: async () => {
      const { supervisor, group, topic, partitions } = target;
      const before = liveMembers(target);
      await Promise.all(before.map(({ memberId }) => supervisor.drainMember(memberId)));
      const zeros = Array.from({ length: partitions }, () => 0);
      try {
        await withOperator(target.connection, timeoutMs, (operator) =>
          operator.resetCommittedOffsets(group.groupId, topic, zeros),
        );
      } finally {
        before.forEach(() => supervisor.addMember());
      }
      return undefined;
    },
  }),
};
