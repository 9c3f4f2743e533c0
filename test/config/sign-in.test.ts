import { expect, test } from 'vitest';
import { problemOf, read } from '../support/read-properties.ts';

const oauthModule = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
const oauth = 'security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n';

test.each([
  [
    `sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler
sasl.oauthbearer.token.endpoint.url=https://idp/token
sasl.jaas.config=${oauthModule} clientId="me" clientSecret='s3"cret' scope=all extension_a="1" extension_b=2;`,
    {
      'sasl.oauthbearer.method': 'oidc',
      'sasl.oauthbearer.token.endpoint.url': 'https://idp/token',
      'sasl.oauthbearer.client.id': 'me',
      'sasl.oauthbearer.client.secret': 's3"cret',
      'sasl.oauthbearer.scope': 'all',
      'sasl.oauthbearer.extensions': 'a=1,b=2',
    },
  ],
  [
    `sasl.jaas.config=${oauthModule} ;
sasl.oauthbearer.jwt.retriever.class=org.apache.kafka.common.security.oauthbearer.ClientCredentialsJwtRetriever
sasl.oauthbearer.client.credentials.client.id=me
sasl.oauthbearer.client.credentials.client.secret=seven-words
sasl.oauthbearer.token.endpoint.url=https://idp/token`,
    {
      'sasl.oauthbearer.method': 'oidc',
      'sasl.oauthbearer.token.endpoint.url': 'https://idp/token',
      'sasl.oauthbearer.client.id': 'me',
      'sasl.oauthbearer.client.secret': 'seven-words',
    },
  ],
  [
    `sasl.jaas.config=${oauthModule} unsecuredLoginStringClaim_sub="alice" unsecuredLoginListClaim_scope="|a|b" unsecuredLoginLifetimeSeconds=60 unsecuredLoginExtension_x="1";`,
    {
      'enable.sasl.oauthbearer.unsecure.jwt': 'true',
      'sasl.oauthbearer.config': 'principal=alice scope=a,b lifeSeconds=60 extension_x=1',
    },
  ],
])("Java's OAUTHBEARER settings become librdkafka's (%#)", async (text, expected) => {
  expect(await read(oauth + text)).toEqual({
    'security.protocol': 'sasl_ssl',
    'sasl.mechanism': 'OAUTHBEARER',
    ...expected,
  });
});

test.each([
  ['security.protocol=sasl_ssl', /security\.protocol sasl_ssl needs sasl\.mechanism: use PLAIN, SCRAM/],
  [oauth, /OAUTHBEARER needs sasl\.oauthbearer\.token\.endpoint\.url \(or enable/],
  [`${oauth}sasl.oauthbearer.method=oidc`, /needs .*client\.id and .*client\.secret and .*token\.endpoint\.url/],
  ['security.protocol=sasl_ssl\nsasl.mechanism=PLAIN\nsasl.username=u', /sasl\.mechanism PLAIN needs sasl\.password$/],
])('%j is not enough for a sign-in', async (text, message) => {
  const problem = await problemOf(text);
  expect(problem.code).toBe('usage');
  expect(problem.message).toMatch(message);
});

test.each([
  ['sasl.mechanism=GSSAPI', /line 1 .*: sasl\.mechanism GSSAPI is not supported: use PLAIN/],
  ['sasl.mechanisms=AWS_MSK_IAM', /sasl\.mechanism AWS_MSK_IAM is not supported/],
  ['sasl.kerberos.service.name=kafka', /sasl\.kerberos\.service\.name does not work here: Kerberos/],
  ['sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;', /IAMLoginModule is not supported/],
  [`sasl.jaas.config=${oauthModule} unsecuredLoginNumberClaim_x="1";`, /only the principal, scope/],
  ['sasl.login.callback.handler.class=com.example.Mine', /that class is not supported/],
  ['sasl.oauthbearer.assertion.private.key.file=/k', /client credentials only, not with assertions/],
  ['sasl.oauthbearer.grant.type=urn:ietf:params:oauth:grant-type:jwt-bearer', /must be client_credentials/],
  ['ssl.engine.id=x', /ssl\.engine\.id does not work here/],
  ['ssl.ca.certificate.stores=Root', /Windows only/],
  ['client.dns.lookup=resolve_canonical_bootstrap_servers_only', /must be use_all_dns_ips/],
  ['ssl.enabled.protocols=TLSv1.3', /librdkafka\) cannot choose the TLS version/],
  ['ssl.cipher.suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', /OpenSSL's cipher names/],
  ['ssl.cipher.suites=TLS_AES_256_GCM_SHA384', /those of TLS 1\.3 .* cannot be selected/],
])('%s is refused, since the two clients could not do it alike', async (text, message) => {
  const problem = await problemOf(text);
  expect(problem.code).toBe('usage');
  expect(problem.message).toMatch(message);
});
