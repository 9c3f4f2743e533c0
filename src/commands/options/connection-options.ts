import { kafkaVersionByDefault, parseKafkaVersion } from '../../brokers/kafka-version.ts';
import { defineOption, defineRepeatable, type FlagsOf } from '../../config/options/option.ts';
import { noEffect, type Rule } from '../../config/options/rules.ts';
import { anyDuration, anyText, oneOf } from '../../config/options/values.ts';

const brokerSources = {
  managed: 'background brokers, or brokers started for this command',
  mock: "librdkafka's mock cluster, not suitable for benchmarking",
} as const;

/** Options of every command that may start brokers. */
export const managedOptions = {
  kafkaVersion: defineOption({
    flag: '--kafka-version <version>',
    help: 'managed brokers: version of Apache Kafka, 3.9 or newer; downloaded once',
    value: { parse: (_, text) => parseKafkaVersion(text), allowed: '3.9 or newer', show: String },
    defaultText: kafkaVersionByDefault,
  }),
  brokerProperty: defineRepeatable({
    flag: '--broker-property <k=v>',
    help: 'managed brokers: a broker property; may be repeated',
    value: anyText,
  }),
  brokerJvmOption: defineRepeatable({
    flag: '--broker-jvm-option <option>',
    help: 'managed brokers: a JVM option; may be repeated',
    value: anyText,
  }),
};

/** Options of every command that connects to brokers. */
export const connectionOptions = {
  ...managedOptions,
  bootstrapServer: defineOption({
    flag: '-b, --bootstrap-server <host:port,...>',
    help: 'existing Kafka cluster to use instead of --brokers',
    value: anyText,
  }),
  commandConfig: defineOption({
    flag: '--command-config <file>',
    help: 'client properties, including security settings (Java .properties file)',
    value: anyText,
  }),
  commandProperty: defineRepeatable({
    flag: '-X, --command-property <k=v>',
    help: 'a client property; may be repeated, overrides --command-config',
    value: anyText,
  }),
  brokers: defineOption({
    flag: '--brokers <source>',
    help: 'brokers to use without --bootstrap-server',
    value: oneOf(brokerSources),
    default: 'managed',
  }),
  timeout: defineOption({
    flag: '--timeout <duration>',
    help: 'longest time that brokers may take to respond',
    value: anyDuration,
    default: 10_000,
  }),
};
export type ConnectionFlags = FlagsOf<typeof connectionOptions>;

export const connectionRules: readonly Rule<ConnectionFlags>[] = [
  noEffect(['brokers'], 'with --bootstrap-server', (_, isGiven) => isGiven('bootstrapServer')),
  noEffect(
    ['kafkaVersion', 'brokerProperty', 'brokerJvmOption'],
    'with --bootstrap-server: only managed brokers can be configured',
    (_, isGiven) => isGiven('bootstrapServer'),
  ),
  noEffect(
    ['kafkaVersion', 'brokerProperty', 'brokerJvmOption'],
    'with --brokers mock: only managed brokers can be configured',
    ({ brokers, bootstrapServer }) => brokers === 'mock' && bootstrapServer === undefined,
  ),
];
