import { refused, translated, type Translation } from './translation.ts';

/** Returns the values of other properties, on which the translation of sasl.jaas.config depends. */
export type ValueOf = (name: string) => string | undefined;

/**
 * Translates the entry of a sasl.jaas.config to librdkafka's properties. Reasons of a rejection
 * never contain values.
 */
export function translateJaas(value: string, valueOf: ValueOf): Translation {
  const module = /^\s*[\w.]*?(\w+)\s+required\b/.exec(value)?.[1];
  const options = jaasOptions(value);
  if (module === 'PlainLoginModule' || module === 'ScramLoginModule') return translatePassword(options);
  if (module === 'OAuthBearerLoginModule') {
    const unsecured = [...options.keys()].some((name) => name.startsWith('unsecuredLogin'));
    return unsecured ? translateUnsecured(options) : translateClientCredentials(options, valueOf);
  }
  const supported = 'use PlainLoginModule, ScramLoginModule or OAuthBearerLoginModule';
  return refused(`${module ?? 'its login module'} is not supported; ${supported}`);
}

function translatePassword(options: ReadonlyMap<string, string>): Translation {
  const username = options.get('username');
  const password = options.get('password');
  if (username === undefined || password === undefined) return refused('it has no username="…" and password="…"');
  return translated({ 'sasl.username': username, 'sasl.password': password });
}

/**
 * @see OAuthBearerLoginCallbackHandler of Kafka; since Kafka 4.1 its options may also be separate
 *   properties.
 */
function translateClientCredentials(options: ReadonlyMap<string, string>, valueOf: ValueOf): Translation {
  const extensions = [...options].flatMap(([name, value]) =>
    name.startsWith('extension_') ? [`${name.slice('extension_'.length)}=${value}`] : [],
  );
  const given = {
    'sasl.oauthbearer.client.id': options.get('clientId'),
    'sasl.oauthbearer.client.secret': options.get('clientSecret'),
    'sasl.oauthbearer.scope': options.get('scope'),
    'sasl.oauthbearer.extensions': extensions.length === 0 ? undefined : extensions.join(),
    'sasl.oauthbearer.method': valueOf('sasl.oauthbearer.token.endpoint.url') === undefined ? undefined : 'oidc',
  };
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return translated(Object.fromEntries(entries));
}

const unsecuredNames: Readonly<Record<string, string>> = {
  unsecuredLoginPrincipalClaimName: 'principalClaimName',
  unsecuredLoginScopeClaimName: 'scopeClaimName',
  unsecuredLoginLifetimeSeconds: 'lifeSeconds',
};

/**
 * @see OAuthBearerUnsecuredLoginCallbackHandler of Kafka, and sasl.oauthbearer.config of
 *   librdkafka.
 */
function translateUnsecured(options: ReadonlyMap<string, string>): Translation {
  const principalClaim = options.get('unsecuredLoginPrincipalClaimName') ?? 'sub';
  const scopeClaim = options.get('unsecuredLoginScopeClaimName') ?? 'scope';
  const settings: string[] = [];
  for (const [name, value] of options) {
    if (/["\s]/.test(value)) return refused(`${name} must not contain white space or quotes`);
    const extension = /^unsecuredLoginExtension_(.+)$/.exec(name)?.[1];
    const setting = unsecuredNames[name] ?? (extension === undefined ? undefined : `extension_${extension}`);
    if (setting !== undefined) settings.push(`${setting}=${value}`);
    else if (name === `unsecuredLoginStringClaim_${principalClaim}`) settings.push(`principal=${value}`);
    else if (name === `unsecuredLoginStringClaim_${scopeClaim}`) settings.push(`scope=${value}`);
    // The first character of a list is its delimiter.
    else if (name === `unsecuredLoginListClaim_${scopeClaim}`)
      settings.push(
        `scope=${value
          .slice(1)
          .split(value[0] ?? ',')
          .join()}`,
      );
    else return refused(`for an unsecured token only the principal, scope, lifetime and extensions can be set`);
  }
  return translated({
    'enable.sasl.oauthbearer.unsecure.jwt': 'true',
    'sasl.oauthbearer.config': settings.join(' '),
  });
}

/** Parses NAME="VALUE" or NAME=VALUE of an entry; a backslash before a quote escapes it. */
function jaasOptions(text: string): ReadonlyMap<string, string> {
  const pattern = /(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s;"']+))/g;
  const pairs = [...text.matchAll(pattern)].map(
    ([, name = '', double, single, bare]) => [name, (double ?? single ?? bare ?? '').replace(/\\(.)/g, '$1')] as const,
  );
  return new Map(pairs);
}
