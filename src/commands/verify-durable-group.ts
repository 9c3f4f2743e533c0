import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import { countedTopicOf } from '../kafka/kafkajs/counted-topic-of.ts';
import { changelogTopicOf } from '../protocol/changelog-format.ts';
import { renderVerifyChangelog } from '../report/verify-changelog-text.ts';
import { counted } from '../numbers.ts';
import { verifyChangelog } from '../workload/verify-changelog.ts';
import type { CommandContext } from './context.ts';
import type { VerifyFlags } from './verify-options.ts';

/** Compares the changelog of a durable group with its committed offsets and with the topic. */
export async function verifyDurableGroup(
  flags: VerifyFlags & { readonly group: string },
  connection: Connection,
  context: CommandContext,
): Promise<void> {
  const { group: groupId, timeout: timeoutMs, tokenizer, show: listMax } = flags;
  const topic = flags.topic ?? (await countedTopicOf(connection, groupId, timeoutMs));
  const changelogTopic = flags.changelogTopic ?? changelogTopicOf(groupId);
  const verified = await verifyChangelog({
    ...{ connection, groupId, topic, changelogTopic, tokenizer, timeoutMs, listMax },
    signal: context.signal,
    onProgress: (partitions, records) => {
      context.live(`recounting ${topic}: ${counted(records, 'record')} of ${counted(partitions, 'partition')}`);
    },
  });
  context.endLive({ clear: true });
  context.result(renderVerifyChangelog({ topic, groupId, changelogTopic, ...verified }));
  if (verified.equal) return;
  throw new ClusterError(
    'verificationFailed',
    `the changelog ${changelogTopic} of group ${groupId} differs from topic ${topic} or from the group's committed offsets`,
  );
}
