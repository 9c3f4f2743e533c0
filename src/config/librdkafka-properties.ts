/**
 * The allowed values: any text, a secret text, one of a list, or a number within a range (both ends
 * allowed).
 */
type Values =
  | { readonly kind: 'text' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number };

export interface PropertyRule {
  /** The clients that have the property: consumers, producers, or all. */
  readonly scope: 'C' | 'P' | '*';
  readonly values: Values;
}

/**
 * The client properties that a user may set: name, scope, values. They come from CONFIGURATION.md
 * of librdkafka 2.15.1, with which test/config/librdkafka-properties.test.ts compares this list. It
 * omits callbacks, deprecated names, properties that consumer-cluster decides (decidedProperties),
 * and those that the two clients can't support alike (unsupportedProperties).
 */
const table = `
bootstrap.servers * text
client.id * text
client.rack * text
client.dns.lookup * use_all_dns_ips
message.max.bytes * 1000..1000000000
message.copy.max.bytes * 0..1000000000
receive.message.max.bytes * 1000..2147483647
max.in.flight.requests.per.connection * 1..1000000
metadata.recovery.strategy * none|rebootstrap
metadata.recovery.rebootstrap.trigger.ms * 0..2147483647
metadata.max.age.ms * 1..86400000
topic.metadata.refresh.interval.ms * -1..3600000
topic.metadata.refresh.fast.interval.ms * 1..60000
topic.metadata.refresh.sparse * true|false
topic.metadata.propagation.max.ms * 0..3600000
topic.blacklist * text
debug * text
enable.metrics.push * true|false
enable.random.seed * true|false
socket.timeout.ms * 10..300000
socket.send.buffer.bytes * 0..100000000
socket.receive.buffer.bytes * 0..100000000
socket.keepalive.enable * true|false
socket.nagle.disable * true|false
socket.max.fails * 0..1000000
socket.connection.setup.timeout.ms * 1000..2147483647
broker.address.ttl * 0..86400000
broker.address.family * any|v4|v6
connections.max.idle.ms * 0..2147483647
reconnect.backoff.ms * 0..3600000
reconnect.backoff.max.ms * 0..3600000
retry.backoff.ms * 1..300000
retry.backoff.max.ms * 1..300000
api.version.request.timeout.ms * 1..300000
log_level * 0..7
log.connection.close * true|false
log.thread.name * true|false
security.protocol * plaintext|ssl|sasl_plaintext|sasl_ssl
ssl.cipher.suites * text
ssl.curves.list * text
ssl.sigalgs.list * text
ssl.key.location * text
ssl.key.password * secret
ssl.key.pem * secret
ssl.certificate.location * text
ssl.certificate.pem * text
ssl.ca.location * text
ssl.ca.pem * text
ssl.crl.location * text
ssl.keystore.location * text
ssl.keystore.password * secret
https.ca.location * text
https.ca.pem * text
enable.ssl.certificate.verification * true|false
ssl.endpoint.identification.algorithm * none|https
sasl.mechanism * text
sasl.username * secret
sasl.password * secret
sasl.oauthbearer.method * default|oidc
sasl.oauthbearer.config * secret
enable.sasl.oauthbearer.unsecure.jwt * true|false
sasl.oauthbearer.client.id * text
sasl.oauthbearer.client.secret * secret
sasl.oauthbearer.scope * text
sasl.oauthbearer.extensions * text
sasl.oauthbearer.token.endpoint.url * text
sasl.oauthbearer.sub.claim.name * text
sasl.oauthbearer.grant.type * client_credentials
sasl.oauthbearer.metadata.authentication.type * none
heartbeat.interval.ms C 1..3600000
max.poll.interval.ms C 1..86400000
group.remote.assignor C text
coordinator.query.interval.ms C 1..3600000
queued.min.messages C 1..10000000
fetch.wait.max.ms C 0..300000
fetch.queue.backoff.ms C 0..300000
fetch.message.max.bytes C 1..1000000000
fetch.max.bytes C 0..2147483135
fetch.min.bytes C 0..2147483647
fetch.error.backoff.ms C 0..300000
check.crcs C true|false
enable.idempotence P true
enable.gapless.guarantee P true|false
acks P all|-1
retries P 0..2147483647
linger.ms P 0..900000
queue.buffering.max.messages P 0..2147483647
queue.buffering.max.kbytes P 1..2147483647
queue.buffering.backpressure.threshold P 1..1000000
batch.num.messages P 1..1000000
batch.size P 1..2147483647
sticky.partitioning.linger.ms P 0..900000
request.timeout.ms P 1..900000
delivery.timeout.ms P 0..2147483647
compression.level P -1..12
`;

/** Second names of properties. The name that Java's client uses is the main one. */
export const propertyAliases: ReadonlyMap<string, string> = new Map([
  ['metadata.broker.list', 'bootstrap.servers'],
  ['max.in.flight', 'max.in.flight.requests.per.connection'],
  ['sasl.mechanisms', 'sasl.mechanism'],
  ['sasl.oauthbearer.client.credentials.client.id', 'sasl.oauthbearer.client.id'],
  ['sasl.oauthbearer.client.credentials.client.secret', 'sasl.oauthbearer.client.secret'],
  ['max.partition.fetch.bytes', 'fetch.message.max.bytes'],
  ['queue.buffering.max.ms', 'linger.ms'],
  ['message.send.max.retries', 'retries'],
  ['compression.codec', 'compression.type'],
  ['request.required.acks', 'acks'],
  ['message.timeout.ms', 'delivery.timeout.ms'],
]);

/** Why the program sets a property itself, or what to use instead. */
interface Decided {
  readonly reason?: string;
  readonly hint?: string;
}

/**
 * Properties that consumer-cluster sets itself, because its counts and measurements depend on them.
 */
export const decidedProperties: ReadonlyMap<string, Decided> = new Map<string, Decided>([
  ['group.id', { hint: 'counts, run and verify have --group' }],
  ['group.instance.id', { reason: 'each member needs its own', hint: 'counts and run have --static-membership' }],
  ['group.protocol', { hint: 'use --group-protocol' }],
  ['group.protocol.type', { reason: 'its value is always consumer' }],
  ['partition.assignment.strategy', { hint: 'use --assignment-strategy' }],
  ['session.timeout.ms', { hint: 'use --session-timeout' }],
  ['queued.max.messages.kbytes', { hint: 'use --memory-mib' }],
  ['enable.auto.commit', { reason: 'offsets are committed only after their records were counted' }],
  ['auto.commit.interval.ms', { reason: 'offsets are committed only after their records were counted' }],
  ['enable.auto.offset.store', { reason: 'offsets are committed only after their records were counted' }],
  ['auto.offset.reset', { reason: 'counts start at the first record' }],
  ['enable.partition.eof', { reason: 'members need to know where partitions end' }],
  ['isolation.level', { reason: 'only committed records are counted' }],
  ['max.poll.records', { reason: 'it applies to share groups only' }],
  ['share.acknowledgement.mode', { reason: 'it applies to share groups only' }],
  ['compression.type', { hint: 'pass produce --compression' }],
  ['partitioner', { hint: 'pass produce --key' }],
  ['transactional.id', { reason: 'producing is idempotent, not transactional' }],
  ['transaction.timeout.ms', { reason: 'producing is idempotent, not transactional' }],
  ['delivery.report.only.error', { reason: 'every delivery report is needed' }],
  ['allow.auto.create.topics', { reason: '`produce` creates topics with the given number of partitions' }],
  ['statistics.interval.ms', { reason: 'consumer-cluster collects its own statistics' }],
  ['plugin.library.paths', { reason: 'plug-ins are not supported' }],
]);

const kerberos = 'Kerberos (GSSAPI) is not supported';
const assertion = 'OAUTHBEARER is supported with client credentials only, not with assertions';

/**
 * Properties that the members' client knows and the second client (kafkajs) can't support: patterns
 * of names, and why.
 */
const unsupportedProperties: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^sasl\.kerberos\./, kerberos],
  [/^sasl\.oauthbearer\.assertion\./, assertion],
  [/^ssl\.(engine\.id|engine\.location|providers)$/, 'OpenSSL engines and providers are not supported'],
  [/^ssl\.ca\.certificate\.stores$/, 'certificate stores exist on Windows only; use ssl.ca.location'],
];

/** @returns why the property is rejected; undefined when it is supported */
export function unsupportedReason(name: string): string | undefined {
  return unsupportedProperties.find(([pattern]) => pattern.test(name))?.[1];
}

function parseTable(): ReadonlyMap<string, PropertyRule> {
  const rules = table
    .trim()
    .split('\n')
    .map((line): [string, PropertyRule] => {
      const [name = '', scope = '', values = ''] = line.split(' ');
      return [name, { scope: scope as PropertyRule['scope'], values: parseValues(values) }];
    });
  return new Map(rules);
}

function parseValues(text: string): Values {
  if (text === 'text' || text === 'secret') return { kind: text };
  const [, min, max] = /^(-?\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (min === undefined) return { kind: 'choice', choices: text.split('|') };
  return { kind: 'number', min: Number(min), max: Number(max) };
}

/** The rules of each property, by its name. */
export const propertyRules = parseTable();
