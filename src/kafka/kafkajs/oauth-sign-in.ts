import type { Mechanism } from 'kafkajs';
import { ClusterError } from '../../errors.ts';
import type { OauthToken } from './oauth-token.ts';

const separator = '\u0001';
const lengthBytes = 4;

/**
 * Signs in to a broker with a token (RFC 7628). kafkajs's own sign-in does not read the broker's
 * response, which is how a broker refuses a token: the next request then waits for a broker that
 * has closed the connection.
 */
export function oauthSignIn(provideToken: () => Promise<OauthToken>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ host, port, saslAuthenticate }) => ({
      authenticate: async () => {
        const token = await provideToken();
        const refusal = await saslAuthenticate<string>({
          request: { encode: () => withLength(clientResponse(token)) },
          response: {
            decode: (bytes) => Buffer.from(bytes.subarray(lengthBytes)),
            parse: (bytes) => bytes.toString('utf8'),
          },
        });
        if (refusal === undefined || refusal === '') return;
        const message = `broker ${host}:${port} refused the token of sasl.mechanism OAUTHBEARER: ${statusOf(refusal)}`;
        throw new ClusterError('brokerUnavailable', message, {
          hint: 'check issuer, audience and scope of the token (sasl.oauthbearer.*); the broker log states the reason',
        });
      },
    }),
  };
}

function clientResponse({ value, extensions }: OauthToken): Buffer {
  const pairs = [`auth=Bearer ${value}`, ...Object.entries(extensions).map(([name, text]) => `${name}=${text}`)];
  return Buffer.from(`n,,${separator}${pairs.join(separator)}${separator}${separator}`);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** @param refusal - JSON with a status, `invalid_token` in most cases */
function statusOf(refusal: string): string {
  const status = /"status"\s*:\s*"([\w-]{1,64})"/.exec(refusal)?.[1];
  return status ?? 'no reason given';
}
