import type { SecuredBroker } from './secured-broker.ts';

/** Planted: none of them may be in any output. */
export const secrets = { password: 'planted-password-4711', keyPassword: 'planted-key-4712' };

/** Client properties for a listener of the broker. */
export type Text = (broker: SecuredBroker) => string;

export const tls: Text = ({ certificates: { ca } }) => `security.protocol=ssl\nssl.ca.location=${ca}`;
export const javaTls: Text = ({ certificates: { ca } }) =>
  `security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=${ca}`;
export const sasl =
  (mechanism: string): Text =>
  (made) =>
    `${tls(made).replace('=ssl', '=sasl_ssl')}\nsasl.mechanism=${mechanism}\nsasl.username=alice\nsasl.password=${secrets.password}`;
export const javaSasl =
  (mechanism: string, module: string): Text =>
  (made) =>
    `${javaTls(made).replace('=SSL', '=SASL_SSL')}\nsasl.mechanism=${mechanism}\nsasl.jaas.config=org.apache.kafka.common.security.${module} required username="alice" password="${secrets.password}";`;
export const clientCertificate: Text = ({ certificates: { clientCertificate: certificate, clientKey } }) =>
  `\nssl.certificate.location=${certificate}\nssl.key.location=${clientKey}\nssl.key.password=${secrets.keyPassword}`;
export const oidc: Text = (made) =>
  `${tls(made).replace('=ssl', '=sasl_ssl')}\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.method=oidc\nhttps.ca.location=${made.certificates.ca}
sasl.oauthbearer.client.id=${made.tokenServer.clientId}\nsasl.oauthbearer.client.secret=${made.tokenServer.clientSecret}
sasl.oauthbearer.token.endpoint.url=${made.tokenServer.url}`;
export const oauthModule = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
export const javaOidc: Text = (made) =>
  `${javaTls(made).replace('=SSL', '=SASL_SSL')}\nsasl.mechanism=OAUTHBEARER\nhttps.ca.location=${made.certificates.ca}
sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler
sasl.oauthbearer.token.endpoint.url=${made.tokenServer.url}
sasl.jaas.config=${oauthModule} required clientId="${made.tokenServer.clientId}" clientSecret="${made.tokenServer.clientSecret}";`;
