import { Option, type Command } from 'commander';
import { kafkaVersionByDefault, parseKafkaVersion } from '../brokers/kafka-version.ts';
import { groupDefaults } from '../config/group.ts';
import { parseChoice, parseCount, parseDurationMs } from '../config/units.ts';

/** Options of every command that talks to brokers, as commander hands them over. */
export interface ConnectionOptions extends ManagedOptions {
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly commandProperty?: readonly string[];
  readonly brokers: BrokerSource;
  readonly timeout: number;
}

/** Options of every command that may start brokers. */
export interface ManagedOptions {
  readonly kafkaVersion?: string;
  readonly brokerProperty?: readonly string[];
  readonly brokerJvmOption?: readonly string[];
}

export const brokerSources = ['managed', 'mock'] as const;
export type BrokerSource = (typeof brokerSources)[number];

/**
 * Adds --bootstrap-server, --command-config, --command-property, --brokers, --timeout, and what
 * addManagedOptions adds.
 */
export function addConnectionOptions(command: Command): Command {
  return addManagedOptions(command)
    .option('-b, --bootstrap-server <host:port,...>', 'an existing cluster; without it brokers are found or started')
    .option('--command-config <file>', 'client properties (Java .properties), security included')
    .option('-X, --command-property <k=v>', 'one client property; may be repeated, wins over the file', collect)
    .option(
      '--brokers <source>',
      'where brokers come from without --bootstrap-server: managed, mock',
      (text) => parseChoice('--brokers', text, brokerSources),
      'managed',
    )
    .addOption(
      new Option('--timeout <duration>', 'how long brokers may take to answer')
        .argParser(durationOf('--timeout'))
        .default(10_000, '10s'),
    );
}

/** Adds --kafka-version, --broker-property and --broker-jvm-option. */
export function addManagedOptions(command: Command): Command {
  return command
    .option(
      '--kafka-version <version>',
      `Apache Kafka of brokers that are started, from 3.9 on; fetched once (default: ${kafkaVersionByDefault})`,
      parseKafkaVersion,
    )
    .option('--broker-property <k=v>', 'a setting of brokers that are started; may be repeated', collect)
    .option('--broker-jvm-option <option>', 'a JVM option of brokers that are started; may be repeated', collect);
}

/** Kafka's two group protocols: the classic one with a client-side assignor, and the broker-side one of KIP-848. */
export const groupProtocols = ['classic', 'consumer'] as const;
export type GroupProtocol = (typeof groupProtocols)[number];

export const assignmentStrategies = ['range', 'roundrobin', 'cooperative-sticky'] as const;
export type AssignmentStrategy = (typeof assignmentStrategies)[number];

export const tokenizers = ['unicode', 'ascii'] as const;
export type Tokenizer = (typeof tokenizers)[number];

/** Options of the commands that run a consumer group. */
export interface GroupOptions {
  readonly groupProtocol: GroupProtocol;
  readonly assignmentStrategy: AssignmentStrategy;
  /** Undefined for the default, which depends on the brokers. */
  readonly sessionTimeout?: number;
  readonly tokenizer: Tokenizer;
  readonly memoryMib: number;
  /** Only where staticMembershipOption is added. */
  readonly staticMembership?: boolean;
}

/** Adds --group-protocol, --assignment-strategy, --session-timeout, --tokenizer and --memory-mib. */
export function addGroupOptions(command: Command): Command {
  return command
    .option(
      '--group-protocol <protocol>',
      'classic, or consumer (the broker assigns: KIP-848)',
      (text) => parseChoice('--group-protocol', text, groupProtocols),
      'classic',
    )
    .option(
      '--assignment-strategy <name>',
      'of the classic protocol: range, roundrobin, cooperative-sticky',
      (text) => parseChoice('--assignment-strategy', text, assignmentStrategies),
      'range',
    )
    .addOption(sessionTimeoutOption())
    .option(
      '--tokenizer <name>',
      'what a word is: unicode, ascii',
      (text) => parseChoice('--tokenizer', text, tokenizers),
      'unicode',
    )
    .option(
      '--memory-mib <mebibytes>',
      'what all members of a group together may hold fetched but not yet counted',
      countOf('--memory-mib', 8, 65_536),
      groupDefaults.memoryMib,
    );
}

/** --session-timeout */
export function sessionTimeoutOption(
  defaults = '3s on managed brokers, 45s with --bootstrap-server, as in Kafka',
): Option {
  return new Option(
    '--session-timeout <duration>',
    `after which a silent member is dead (classic protocol; default: ${defaults})`,
  ).argParser(durationOf('--session-timeout'));
}

/** --static-membership */
export function staticMembershipOption(): Option {
  return new Option(
    '--static-membership',
    "members have a group.instance.id (the group's id and a number): a replacement takes its predecessor's place",
  ).default(false);
}

const truncationPolicies = ['stop', 'continue'] as const;
export type TruncationPolicy = (typeof truncationPolicies)[number];

/** --on-truncation */
export function truncationOption(): Option {
  return new Option('--on-truncation <policy>', 'when records were deleted before they were counted')
    .choices(truncationPolicies)
    .default('stop');
}

/** For commander: parses a flag's value as a duration. */
export function durationOf(flag: string): (text: string) => number {
  return (text) => parseDurationMs(flag, text);
}

/** For commander: parses a flag's value as a whole number of the range. */
export function countOf(flag: string, min: number, max: number): (text: string) => number {
  return (text) => parseCount(flag, text, { min, max });
}

/** For commander: a flag that may be repeated. */
export function collect(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text];
}
