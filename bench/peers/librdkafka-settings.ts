import { consumerProperties } from '../../src/config/consumer-properties.ts';
import { groupDefaults } from '../../src/config/group.ts';
import type { PeerSettings } from './peer.ts';

/**
 * The product's settings, for all programs that contain librdkafka: the rows then differ only in
 * how records leave it.
 */
export function librdkafkaSettings(members: number): PeerSettings {
  const queuedKbytesMax = Math.floor((groupDefaults.memoryMib * 1_024) / members);
  return consumerProperties({ ...groupDefaults, groupId: '' }, { queuedKbytesMax });
}
