type Properties = Readonly<Record<string, string>>;

/** The mechanisms that both clients support. */
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type SaslMechanism = (typeof mechanisms)[number];

const supported = 'use PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER';
/**
 * The form of mechanism names. Any other text may be a misplaced secret, so errors do not repeat
 * it.
 */
const plausibleName = /^[A-Z][A-Z0-9_-]{0,40}$/;

/** @returns why a value of sasl.mechanism is rejected; undefined when it is supported */
export function mechanismProblem(value: string): string | undefined {
  if ((mechanisms as readonly string[]).includes(value)) return undefined;
  return `sasl.mechanism ${plausibleName.test(value) ? `${value} ` : ''}is not supported: ${supported}`;
}

/**
 * The mechanism of a connection; undefined when it does not sign in.
 * @param properties - checked by signInProblem
 */
export function saslMechanism(properties: Properties): SaslMechanism | undefined {
  const signsIn = properties['security.protocol']?.toLowerCase().startsWith('sasl') ?? false;
  return signsIn ? (properties['sasl.mechanism'] as SaslMechanism) : undefined;
}

/**
 * @returns what is missing or inconsistent among the properties of the sign-in; at most one line
 */
export function signInProblem(properties: Properties): string[] {
  const protocol = properties['security.protocol']?.toLowerCase() ?? 'plaintext';
  if (!protocol.startsWith('sasl')) return [];
  const mechanism = properties['sasl.mechanism'];
  if (mechanism === undefined) return [`security.protocol ${protocol} needs sasl.mechanism: ${supported}`];
  const refused = mechanismProblem(mechanism);
  if (refused !== undefined) return [refused];
  const missing = missingOf(mechanism, properties);
  return missing.length === 0 ? [] : [`sasl.mechanism ${mechanism} needs ${missing.join(' and ')}`];
}

function missingOf(mechanism: string, properties: Properties): string[] {
  if (mechanism !== 'OAUTHBEARER') return absent(properties, ['sasl.username', 'sasl.password']);
  if (properties['sasl.oauthbearer.method'] === 'oidc') {
    const names = ['client.id', 'client.secret', 'token.endpoint.url'].map((name) => `sasl.oauthbearer.${name}`);
    return absent(properties, names);
  }
  if (properties['enable.sasl.oauthbearer.unsecure.jwt'] === 'true') {
    return absent(properties, ['sasl.oauthbearer.config']);
  }
  return ['sasl.oauthbearer.token.endpoint.url (or enable.sasl.oauthbearer.unsecure.jwt=true, for tests)'];
}

function absent(properties: Properties, names: readonly string[]): string[] {
  return names.filter((name) => properties[name] === undefined);
}
