import type { Admin as KafkajsAdmin } from 'kafkajs';
import { kafkajsExports } from './internals.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Who set the value: the topic, a broker or the cluster, or Kafka. */
  readonly source: 'topic' | 'brokers' | 'default';
}

/** Settings of a topic or a broker in effect, without secrets. @throws a kafkajs error */
export async function describeSettings(
  admin: KafkajsAdmin,
  resource: { readonly type: 'topic' | 'broker'; readonly name: string },
): Promise<readonly Setting[]> {
  const { ConfigResourceTypes, ConfigSource } = kafkajsExports();
  const types = { topic: ConfigResourceTypes.TOPIC, broker: ConfigResourceTypes.BROKER };
  const resources = [{ type: types[resource.type], name: resource.name }];
  const answer = await admin.describeConfigs({ resources, includeSynonyms: false });
  const sources = new Map<number, Setting['source']>([
    [ConfigSource.TOPIC_CONFIG, 'topic'],
    [ConfigSource.DEFAULT_CONFIG, 'default'],
  ]);
  return (answer.resources[0]?.configEntries ?? [])
    .filter(({ isSensitive }) => !isSensitive)
    .map(({ configName: name, configValue: value, configSource }) => {
      return { name, value, source: sources.get(configSource) ?? 'brokers' };
    });
}

/** Settings that differ from Kafka's defaults, sorted by name. */
export function changedSettings(settings: readonly Setting[]): Record<string, string> {
  const changed = settings.filter(({ source }) => source !== 'default');
  return Object.fromEntries(
    changed.map(({ name, value }) => [name, value] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
