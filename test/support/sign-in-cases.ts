import { join } from 'node:path';
import {
  clientCertificate,
  javaOidc,
  javaSasl,
  javaTls,
  oauthModule,
  oidc,
  sasl,
  secrets,
  tls,
  type Text,
} from './client-texts.ts';
import type { SecuredBroker } from './secured-broker.ts';

type Server = (made: SecuredBroker) => string;

const unsecuredToken =
  'sasl.mechanism=OAUTHBEARER\nenable.sasl.oauthbearer.unsecure.jwt=true\nsasl.oauthbearer.config=principal=alice';

/** Ways to sign in with which both clients must do. */
export const signIns: readonly [name: string, server: Server, text: Text][] = [
  ['PLAIN', ({ saslSsl }) => saslSsl, sasl('PLAIN')],
  ["PLAIN in Java's names", ({ saslSsl }) => saslSsl, javaSasl('PLAIN', 'plain.PlainLoginModule')],
  ['SCRAM-SHA-256', ({ saslSsl }) => saslSsl, sasl('SCRAM-SHA-256')],
  ["SCRAM-SHA-512 in Java's names", ({ saslSsl }) => saslSsl, javaSasl('SCRAM-SHA-512', 'scram.ScramLoginModule')],
  [
    'a folder of authorities, and a choice of ciphers, curves and signatures',
    ({ saslSsl }) => saslSsl,
    (made) =>
      `${sasl('PLAIN')(made).replace(made.certificates.ca, join(made.folder, 'authorities'))}\nssl.cipher.suites=ECDHE-ECDSA-AES256-GCM-SHA384\nssl.curves.list=P-256\nssl.sigalgs.list=ECDSA+SHA256`,
  ],
  [
    'mutual TLS with an encrypted key and a list of revoked certificates',
    ({ mutualTls }) => mutualTls,
    (made) => `${tls(made)}${clientCertificate(made)}\nssl.crl.location=${made.certificates.emptyCrl}`,
  ],
  [
    "mutual TLS in Java's names, PKCS#12, at [::1]",
    ({ ipv6 }) => ipv6,
    (made) =>
      `${javaTls(made)}\nssl.keystore.type=PKCS12\nssl.keystore.location=${made.certificates.clientStore}\nssl.keystore.password=${secrets.keyPassword}`,
  ],
  [
    'OAUTHBEARER with unsecured tokens',
    ({ unsecuredTokens }) => unsecuredTokens,
    () => `security.protocol=sasl_plaintext\n${unsecuredToken}`,
  ],
  [
    "OAUTHBEARER with unsecured tokens, in Java's names",
    ({ unsecuredTokens }) => unsecuredTokens,
    () =>
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\nsasl.jaas.config=${oauthModule} required unsecuredLoginStringClaim_sub="alice";`,
  ],
  ['OAUTHBEARER with client credentials', ({ oidc: server }) => server, oidc],
  ["OAUTHBEARER with client credentials, in Java's names", ({ oidc: server }) => server, javaOidc],
];

/** Settings that neither client connects with, and the error of the second one. */
export const refusals: readonly [name: string, server: Server, text: Text, message: RegExp][] = [
  [
    'a revoked certificate of the broker',
    ({ saslSsl }) => saslSsl,
    (made) => `${sasl('PLAIN')(made)}\nssl.crl.location=${made.certificates.revokingCrl}`,
    /its certificate was revoked/,
  ],
  [
    'an authority that did not sign',
    ({ saslSsl }) => saslSsl,
    (made) => sasl('PLAIN')(made).replace(made.certificates.ca, made.certificates.otherCa),
    /not signed by a trusted authority/,
  ],
  [
    "the system's authorities, where none are named",
    ({ saslSsl }) => saslSsl,
    (made) => sasl('PLAIN')(made).replace(/ssl\.ca.*/, ''),
    /not signed by a trusted authority/,
  ],
  [
    'a wrong password',
    ({ saslSsl }) => saslSsl,
    (made) => sasl('PLAIN')(made).replace(secrets.password, 'wrong-password'),
    /SASL authentication failed/,
  ],
  [
    'a token that the broker does not accept',
    ({ oidc: server }) => server,
    (made) => `${tls(made).replace('=ssl', '=sasl_ssl')}\n${unsecuredToken}`,
    /broker .* refused the token of sasl.mechanism OAUTHBEARER: invalid_token/,
  ],
];
