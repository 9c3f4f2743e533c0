import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { ClusterError } from '../../errors.ts';
import { protectSecret } from '../../secrets.ts';
import { authorities } from './tls-options.ts';
import { nowMs } from '../../time/clock.ts';

type Properties = Readonly<Record<string, string>>;

export interface OauthToken {
  readonly value: string;
  readonly extensions: Readonly<Record<string, string>>;
}

interface KeptToken extends OauthToken {
  readonly renewAtMs: number;
}

const hint = 'check sasl.oauthbearer.* and https.ca.location in --command-config or --command-property';
/** Share of a token's life after which another is fetched, as librdkafka does. */
const lifeShare = 0.8;
const lifeSecondsByDefault = 300;
const answerBytesMax = 1_048_576;

/** Tokens of this process, by what they were asked with: many clients of ours share one. */
const kept = new Map<string, Promise<KeptToken>>();

/**
 * Token provider for kafkajs, called at each authentication. librdkafka fetches its own tokens with
 * the same properties.
 * @param properties - checked by signInProblem
 */
export function tokenProvider(properties: Properties, timeoutMs: number): () => Promise<OauthToken> {
  if (properties['sasl.oauthbearer.method'] !== 'oidc') {
    return () => Promise.resolve(unsecuredToken(properties['sasl.oauthbearer.config'] ?? '', new Date()));
  }
  return async () => {
    const key = JSON.stringify(Object.entries(properties).filter(([name]) => name.startsWith('sasl.oauthbearer.')));
    const earlier = await kept.get(key)?.catch(() => undefined);
    if (earlier !== undefined && nowMs() < earlier.renewAtMs) return earlier;
    const asked = fetchToken(properties, timeoutMs);
    kept.set(key, asked);
    return asked;
  };
}

/**
 * An unsecured JSON Web Token (alg none), for tests: the same as librdkafka makes of the same text.
 * Pure.
 * @param config - of sasl.oauthbearer.config: principal, principalClaimName, scope, scopeClaimName,
 * lifeSeconds and extension_NAME, separated by spaces
 */
export function unsecuredToken(config: string, now: Date): OauthToken {
  const pairs = config.split(' ').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
  });
  const settings = new Map(pairs);
  const scope =
    settings
      .get('scope')
      ?.split(',')
      .filter((entry) => entry !== '') ?? [];
  // Wall clock time, like the times in a token.
  const nowSeconds = Number(now) / 1_000;
  const claims = {
    [settings.get('principalClaimName') ?? 'sub']: settings.get('principal') ?? '',
    iat: nowSeconds,
    exp: nowSeconds + Number(settings.get('lifeSeconds') ?? 3_600),
    ...(scope.length === 0 ? {} : { [settings.get('scopeClaimName') ?? 'scope']: [...new Set(scope)] }),
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const extensions = pairs.flatMap(([name, value]): [string, string][] =>
    name.startsWith('extension_') ? [[name.slice('extension_'.length), value]] : [],
  );
  return { value: `${encode({ alg: 'none' })}.${encode(claims)}.`, extensions: Object.fromEntries(extensions) };
}

/** @throws ClusterError brokerUnavailable */
async function fetchToken(properties: Properties, timeoutMs: number): Promise<KeptToken> {
  const address = properties['sasl.oauthbearer.token.endpoint.url'] ?? '';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new ClusterError('usage', 'sasl.oauthbearer.token.endpoint.url is not a URL', { hint });
  // The query of the URL may contain a secret.
  const where = `${url.origin}${url.pathname}`;
  const { status, body } = await post(url, properties, timeoutMs).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
    throw new ClusterError('brokerUnavailable', `no token from ${where}: ${code}`, { cause, hint });
  });
  const { access_token: value, expires_in: seconds } = answerOf(body);
  if (status !== 200 || typeof value !== 'string') {
    throw new ClusterError('brokerUnavailable', `${where} refused the token request (HTTP ${status})`, { hint });
  }
  protectSecret(value);
  const lifeMs = (typeof seconds === 'number' ? seconds : lifeSecondsByDefault) * 1_000;
  const extensions = (properties['sasl.oauthbearer.extensions'] ?? '')
    .split(',')
    .flatMap((pair): [string, string][] => {
      const [name = '', extension = ''] = pair.split('=');
      return name === '' ? [] : [[name.trim(), extension.trim()]];
    });
  return { value, extensions: Object.fromEntries(extensions), renewAtMs: nowMs() + lifeMs * lifeShare };
}

/**
 * RFC 6749, 4.4: client credentials. Id and secret are sent as they are, as librdkafka sends them.
 */
async function post(
  url: URL,
  properties: Properties,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: string }> {
  const { 'sasl.oauthbearer.client.id': id = '', 'sasl.oauthbearer.client.secret': secret = '' } = properties;
  const scope = properties['sasl.oauthbearer.scope'];
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  protectSecret(basic);
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  const options: RequestOptions = {
    method: 'POST',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: 'application/json',
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  };
  const ca = authorities(properties, 'https.ca');
  const sent =
    url.protocol === 'http:'
      ? httpRequest(url, options)
      : httpsRequest(url, ca === undefined ? options : { ...options, ca });
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      text(response).then(
        (body) => {
          resolve({ status: response.statusCode ?? 0, body: body.slice(0, answerBytesMax) });
        },
        (error: unknown) => {
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
    sent.end(form.toString());
  });
}

function answerOf(body: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}
