import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { Kafka } from 'kafkajs';
import { makeCertificates, type Certificates } from './certificates.ts';
import { startTokenServer, tokenIssuer, type TokenServer } from './token-server.ts';
import { withStockBroker } from './stock-broker.ts';

/** One Kafka process with a listener of each kind, and ACLs that deny what is not allowed. */
export interface SecuredBroker {
  readonly certificates: Certificates;
  /** Any user may do anything there. */
  readonly plaintext: string;
  /** SASL_SSL with PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512: the users of `passwords`. */
  readonly saslSsl: string;
  /** SSL that asks for a client certificate. */
  readonly mutualTls: string;
  /** SSL at [::1], the same. */
  readonly ipv6: string;
  /** SASL_PLAINTEXT with OAUTHBEARER that takes unsecured tokens. */
  readonly unsecuredTokens: string;
  /** SASL_SSL with OAUTHBEARER that takes tokens of `tokenServer`. */
  readonly oidc: string;
  readonly tokenServer: TokenServer;
  readonly folder: string;
  /** Lets a user do something, by Kafka's names for resources and operations. */
  allow(user: string, rules: readonly AclRule[]): Promise<void>;
}

export interface AclRule {
  readonly resource: 'TOPIC' | 'GROUP' | 'CLUSTER' | 'TRANSACTIONAL_ID';
  /** A prefix of names; `*` for all. */
  readonly prefix: string;
  readonly operations: readonly (keyof typeof kafkajs.AclOperationTypes)[];
}

/**
 * The least that a user needs, for topics that begin with `lab-`: docs/security.md has this list.
 */
export const minimumRights: readonly AclRule[] = [
  ...['lab-', 'bench-', 'run-', 'stress-'].map((prefix): AclRule => ({
    resource: 'TOPIC',
    prefix,
    operations: ['CREATE', 'DESCRIBE', 'READ', 'WRITE', 'DELETE'],
  })),
  ...['counts-', 'bench-', 'a-', 'b-', 'stress-'].map((prefix): AclRule => ({
    resource: 'GROUP',
    prefix,
    operations: ['READ', 'DESCRIBE', 'DELETE'],
  })),
];

/**
 * The least that a user needs to count `lab-words` durably in groups that begin with `group`. Other
 * operations imply Describe.
 */
export const durableRights = (group: string): readonly AclRule[] => [
  { resource: 'TOPIC', prefix: 'lab-words', operations: ['READ'] },
  { resource: 'TOPIC', prefix: group, operations: ['CREATE', 'DESCRIBE_CONFIGS', 'READ', 'WRITE', 'ALTER'] },
  { resource: 'GROUP', prefix: group, operations: ['READ'] },
  { resource: 'TRANSACTIONAL_ID', prefix: `consumer-cluster:${group}`, operations: ['WRITE'] },
];

/** The least that a user needs to read the counts of such groups, and to verify them. */
export const durableReaderRights = (group: string): readonly AclRule[] => [
  { resource: 'TOPIC', prefix: 'lab-words', operations: ['READ'] },
  { resource: 'TOPIC', prefix: group, operations: ['READ'] },
  { resource: 'GROUP', prefix: group, operations: ['DESCRIBE'] },
];

/** The same rights but one. */
export function withoutRight(
  rights: readonly AclRule[],
  missing: Omit<AclRule, 'operations'> & { readonly operation: AclRule['operations'][number] },
): readonly AclRule[] {
  const { resource, prefix, operation } = missing;
  return rights.map((rule) =>
    rule.resource === resource && rule.prefix === prefix
      ? { ...rule, operations: rule.operations.filter((each) => each !== operation) }
      : rule,
  );
}

// Not among the names that a module can import from kafkajs.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const jaas = (module: string, options = ''): string =>
  `org.apache.kafka.common.security.${module} required ${options};`;

/** Runs `action` on such a broker, which ends with it. @param passwords - by user */
export async function withSecuredBroker<T>(
  passwords: Readonly<Record<string, string>>,
  keyPassword: string,
  action: (broker: SecuredBroker) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'secured-broker-'));
  const certificates = await makeCertificates(folder, keyPassword);
  const tokenServer = await startTokenServer(certificates);
  try {
    const keySet = join(folder, 'jwks.json');
    await writeFile(keySet, JSON.stringify(tokenServer.keySet));
    const properties = {
      listeners: [
        'PLAINTEXT://127.0.0.1:PORT',
        'SECURE://127.0.0.1:PORT_0',
        'MUTUAL://127.0.0.1:PORT_1',
        'SIX://[::1]:PORT_2',
        'UNSECURED://127.0.0.1:PORT_3',
        'OIDC://127.0.0.1:PORT_4',
        'CONTROLLER://127.0.0.1:CONTROLLER_PORT',
      ].join(','),
      'listener.security.protocol.map':
        'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL,SIX:SSL,UNSECURED:SASL_PLAINTEXT,OIDC:SASL_SSL',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': certificates.server,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': certificates.ca,
      'listener.name.mutual.ssl.client.auth': 'required',
      'listener.name.six.ssl.client.auth': 'required',
      ...saslProperties(passwords),
      'listener.name.oidc.oauthbearer.sasl.oauthbearer.jwks.endpoint.url': `file://${keySet}`,
    };
    const scram = Object.entries(passwords).flatMap(([name, password]) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${name},password="${password}"]`,
      ]),
    );
    const jvmOptions = [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=file://${keySet}`];
    return await withStockBroker(
      (broker) => {
        const [sasl = 0, mutual = 0, six = 0, unsecured = 0, oidc = 0] = broker.furtherPorts;
        return action({
          certificates,
          plaintext: broker.bootstrapServer,
          saslSsl: `127.0.0.1:${sasl}`,
          mutualTls: `127.0.0.1:${mutual}`,
          ipv6: `[::1]:${six}`,
          unsecuredTokens: `127.0.0.1:${unsecured}`,
          oidc: `127.0.0.1:${oidc}`,
          tokenServer,
          folder,
          allow: (user, rules) => allow(broker.bootstrapServer, user, rules),
        });
      },
      { properties, furtherPorts: 5, jvmOptions, formatArguments: scram },
    );
  } finally {
    await tokenServer.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function saslProperties(passwords: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const users = Object.entries(passwords).map(([name, password]) => `user_${name}="${password}"`);
  const oauth = 'oauthbearer.OAuthBearerLoginModule';
  return {
    'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.secure.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', users.join(' ')),
    'listener.name.secure.scram-sha-256.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'listener.name.secure.scram-sha-512.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'listener.name.unsecured.sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.unsecured.oauthbearer.sasl.jaas.config': jaas(oauth, 'unsecuredLoginStringClaim_sub="broker"'),
    'listener.name.oidc.sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.oidc.oauthbearer.sasl.jaas.config': jaas(oauth),
    'listener.name.oidc.oauthbearer.sasl.server.callback.handler.class':
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler',
    'listener.name.oidc.oauthbearer.sasl.oauthbearer.expected.audience': 'kafka',
    // Kafka 4.4 does not start without it.
    'listener.name.oidc.oauthbearer.sasl.oauthbearer.expected.issuer': tokenIssuer,
  };
}

async function allow(bootstrapServer: string, user: string, rules: readonly AclRule[]): Promise<void> {
  const admin = new Kafka({ brokers: [bootstrapServer] }).admin();
  await admin.connect();
  try {
    const acl = rules.flatMap(({ resource, prefix, operations }) =>
      operations.map((operation) => ({
        resourceType: AclResourceTypes[resource],
        resourceName: resource === 'CLUSTER' ? 'kafka-cluster' : prefix,
        resourcePatternType:
          resource === 'CLUSTER' || prefix === '*' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
        principal: `User:${user}`,
        host: '*',
        operation: AclOperationTypes[operation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    );
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}
