import { Admin } from '../../kafka/admin.ts';
import type { Fault } from '../fault.ts';

const timeoutMs = 10_000;

/** Retention that is close on the group's heels: what was counted is deleted, what was not stays. */
export const recordsDeleted: Fault = {
  kind: 'records-deleted',
  aim: ({ supervisor, connection, topic }) => ({
    text: 'all partitions, up to where the group is',
    begin: async () => {
      const before = supervisor
        .snapshot()
        .partitions.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset }));
      const admin = await Admin.connect(connection, { timeoutMs });
      try {
        await admin.deleteRecords(topic, before);
      } finally {
        await admin.close();
      }
      return undefined;
    },
  }),
};
