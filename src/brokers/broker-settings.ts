import { ClusterError } from '../errors.ts';

/** A user's changes to the managed brokers, besides their version. */
export interface BrokerSettings {
  /** Entries of server.properties, for all processes. */
  readonly properties: Readonly<Record<string, string>>;
  /** JVM options, for all processes. */
  readonly jvmOptions: readonly string[];
}

export const noBrokerSettings: BrokerSettings = { properties: {}, jvmOptions: [] };

/** Settings that the program depends on: addresses, roles, folders. */
const decided = [
  'process.roles',
  'node.id',
  'broker.id',
  'controller.quorum.voters',
  'controller.quorum.bootstrap.servers',
  'controller.listener.names',
  'listener.security.protocol.map',
  'listeners',
  'advertised.listeners',
  'inter.broker.listener.name',
  'security.inter.broker.protocol',
  'log.dir',
  'log.dirs',
  'metadata.log.dir',
  'zookeeper.connect',
] as const;

/** Options that would replace the class path, the main class or what the program itself passes. */
const decidedOptions =
  /^(-cp|-classpath|--class-path|-jar|-p|--module-path|-m|--module|-Dconsumer-cluster\.log|-Dlog4j2?\.configurationFile|-Djava\.io\.tmpdir)($|=)/;

/**
 * Parses the values of --broker-property and --broker-jvm-option. Pure.
 * @throws ClusterError usage when a value is not a setting, or sets what the program decides
 */
export function parseBrokerSettings(options: {
  readonly brokerProperty?: readonly string[];
  readonly brokerJvmOption?: readonly string[];
}): BrokerSettings {
  const entries = (options.brokerProperty ?? []).map(parseProperty);
  const jvmOptions = options.brokerJvmOption ?? [];
  for (const option of jvmOptions) requireJvmOption(option);
  return { properties: Object.fromEntries(entries), jvmOptions };
}

function parseProperty(text: string): readonly [name: string, value: string] {
  const [, name = '', value = ''] = /^\s*([\w.-]+)\s*=(.*)$/s.exec(text) ?? [];
  if (name === '') {
    throw new ClusterError('usage', `--broker-property: '${text}' is not NAME=VALUE`, {
      hint: 'for example --broker-property num.io.threads=8',
    });
  }
  if ((decided as readonly string[]).includes(name)) {
    throw new ClusterError('usage', `--broker-property: ${name} is set by the program`, {
      hint: 'start your own brokers with that setting and pass their address with --bootstrap-server',
    });
  }
  return [name, value.trim()];
}

function requireJvmOption(option: string): void {
  if (!option.startsWith('-')) {
    throw new ClusterError('usage', `--broker-jvm-option: '${option}' is not a JVM option`, {
      hint: 'for example --broker-jvm-option=-Xmx1g, one JVM option per flag',
    });
  }
  if (!decidedOptions.test(option)) return;
  throw new ClusterError('usage', `--broker-jvm-option: ${option.split('=')[0] ?? option} is set by the program`);
}

export function hasBrokerSettings({ properties, jvmOptions }: BrokerSettings): boolean {
  return Object.keys(properties).length > 0 || jvmOptions.length > 0;
}

/** True when both are equal, in any order of the properties. Pure. */
export function sameBrokerSettings(one: BrokerSettings, other: BrokerSettings): boolean {
  const text = ({ properties, jvmOptions }: BrokerSettings): string =>
    JSON.stringify([Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)), jvmOptions]);
  return text(one) === text(other);
}

const secretName = /password|secret|jaas|token|credential|\.key$/i;
const hidden = '[hidden]';

/** The same settings for a report, without values that may be secret. Pure. */
export function withoutSecretSettings({ properties, jvmOptions }: BrokerSettings): BrokerSettings {
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, secretName.test(name) ? hidden : value]),
    ),
    jvmOptions: jvmOptions.map((option) => {
      const [name = ''] = option.split('=');
      return secretName.test(name) && option.includes('=') ? `${name}=${hidden}` : option;
    }),
  };
}
