import { Admin } from '../../../kafka/kafkajs/admin.ts';
import { defineFault, instant } from '../fault.ts';

const timeoutMs = 10_000;

/** A short retention: records that were counted are deleted, the others stay. */
export const recordsDeleted = defineFault({
  kind: 'records-deleted',
  does: 'deletes records that the group has counted',
  scope: 'topic',
  lane: 'topic',
  durationMs: instant,
  needs: 'kafka',
  deletesRecords: true,
  aim: ({ supervisor, connection, topic }) => ({
    text: "all partitions, up to the group's position",
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
});
