import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { GroupProtocol } from '../config/group-protocols.ts';
import { ClusterError } from '../errors.ts';
import { installation } from '../installation.ts';

/** setup/kafka/versions.json, which the set-up reads too. */
const VersionsSchema = z.object({
  default: z.string(),
  /** Newest version of each release line ("4.3"). */
  newest: z.record(z.string(), z.string()),
});
const versions = VersionsSchema.parse(JSON.parse(readFileSync(installation.kafkaVersions, 'utf8')));

/** Version of Apache Kafka that managed brokers run without --kafka-version. */
export const kafkaVersionByDefault = versions.default;

const oldest: ReleaseLine = [3, 9];
type ReleaseLine = readonly [major: number, minor: number];

/**
 * The version that --kafka-version names. "4.3" means the newest version of that line. Pure.
 * @throws ClusterError usage for anything but a version from 3.9 on
 */
export function parseKafkaVersion(text: string): string {
  const version = versions.newest[text] ?? text;
  if (/^\d+\.\d+\.\d+$/.test(version) && !isBefore(version, oldest)) return version;
  throw new ClusterError('usage', `--kafka-version: '${text}' is not a version of Apache Kafka 3.9.0 or newer`, {
    hint: `pass one of ${Object.values(versions.newest).join(', ')}`,
  });
}

/** Differences between Kafka versions that matter to managed brokers and their clients. */
export interface KafkaTraits {
  /**
   * Group protocols that the brokers can run. Kafka 3.9 has a preview of the consumer protocol
   * (KIP-848) with a first version of the heartbeat request, which librdkafka never sends, so
   * enabling it would be useless.
   */
  readonly groupProtocols: Readonly<Record<GroupProtocol, boolean>>;
  /** True when the brokers have the topic of share groups and know its settings, since 4.0. */
  readonly shareCoordinator: boolean;
}

export function traitsOf(version: string): KafkaTraits {
  const since4 = !isBefore(version, [4, 0]);
  return { groupProtocols: { classic: true, consumer: since4 }, shareCoordinator: since4 };
}

/** @throws ClusterError usage when the brokers can't run groups of the protocol */
export function requireProtocol(protocol: GroupProtocol, version: string): void {
  if (traitsOf(version).groupProtocols[protocol]) return;
  throw new ClusterError('usage', `Apache Kafka ${version} does not support the ${protocol} group protocol (KIP-848)`, {
    hint: 'pass --kafka-version 4.0 or newer, or choose a classic protocol',
  });
}

function isBefore(version: string, [major, minor]: ReleaseLine): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
