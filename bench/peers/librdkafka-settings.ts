import { consumerProperties } from '../../src/config/consumer-properties.ts';
import { groupDefaults } from '../../src/config/group.ts';
import type { PeerSettings } from './peer.ts';

/** The product's own, for everyone who has librdkafka inside: what differs is then the way out of it. */
export function librdkafkaSettings(members: number): PeerSettings {
  const queuedKbytesMax = Math.floor((groupDefaults.memoryMib * 1_024) / members);
  return consumerProperties({ ...groupDefaults, groupId: '' }, { queuedKbytesMax });
}
