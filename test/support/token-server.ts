import { generateKeyPairSync, randomUUID, sign, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificates } from './certificates.ts';

/** An authorization server that gives tokens for client credentials (RFC 6749, 4.4), over HTTPS. */
export interface TokenServer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** JSON Web Key Set with which a broker checks the tokens. */
  readonly keySet: { readonly keys: readonly JsonWebKey[] };
  /** Tokens given so far. */
  readonly issued: readonly string[];
  close(): Promise<void>;
}

export const tokenIssuer = 'test';
const lifeSeconds = 300;

/** The tokens are for the user `robot` and the audience `kafka`. */
export async function startTokenServer({ server: serverFile }: Certificates): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const clientId = 'robot-client';
  const clientSecret = `client-secret-${randomUUID()}`;
  const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const issued: string[] = [];
  const pem = await readFile(serverFile);
  const server = createServer({ key: pem, cert: pem }, (request, response) => {
    void text(request).then((body) => {
      const granted =
        request.headers.authorization === expected &&
        new URLSearchParams(body).get('grant_type') === 'client_credentials';
      response.writeHead(granted ? 200 : 401, { 'content-type': 'application/json' });
      if (!granted) return response.end(JSON.stringify({ error: 'invalid_client' }));
      const token = signedToken();
      issued.push(token);
      return response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: lifeSeconds }));
    });
  });
  const signedToken = (): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      sub: 'robot',
      aud: 'kafka',
      iss: tokenIssuer,
      iat: now,
      exp: now + lifeSeconds,
      jti: randomUUID(),
    };
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: 'test' })}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    clientId,
    clientSecret,
    keySet: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] },
    issued,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
