import { translateJaas, type ValueOf } from './java-jaas.ts';
import { refused, translated, type Translation } from './translation.ts';

const javaOnlyNames =
  /^((key|value)\.(de)?serializer|interceptor\.classes|metric\.reporters|metrics\..*|auto\.include\.jmx\.reporter|sasl\.(login|client\.callback)\..*|sasl\.oauthbearer\.(jwks|expected|clock\.skew|scope\.claim|jwt\.validator)\..*|ssl\.(provider|(trust|key)manager\.algorithm|engine\.factory\.class))$/;

/** Classes of Kafka whose function librdkafka has built in. */
const knownClasses =
  /^org\.apache\.kafka\.common\.security\.oauthbearer\.((internals\.|secured\.|internals\.unsecured\.)?OAuthBearer(Unsecured)?LoginCallbackHandler|(ClientCredentials|Default)JwtRetriever)$/;

/** Names of librdkafka that correspond to Java's names, but not exactly. */
const counterparts: Readonly<Record<string, string>> = {
  'buffer.memory': 'queue.buffering.max.kbytes',
  'max.request.size': 'message.max.bytes',
  'receive.buffer.bytes': 'socket.receive.buffer.bytes',
  'send.buffer.bytes': 'socket.send.buffer.bytes',
  'socket.connection.setup.timeout.max.ms': 'socket.connection.setup.timeout.ms',
  'max.block.ms': 'socket.timeout.ms',
  'default.api.timeout.ms': 'socket.timeout.ms',
};

/**
 * @param value - value of the property `name`
 * @param valueOf - returns the values of related properties (`ssl.truststore.type`)
 */
export function translateJavaProperty(name: string, value: string, valueOf: ValueOf): Translation {
  switch (name) {
    case 'fetch.max.wait.ms':
      return translated({ 'fetch.wait.max.ms': value });
    case 'security.protocol':
      return translated({ 'security.protocol': value.toLowerCase() });
    case 'ssl.endpoint.identification.algorithm':
      return translated({ 'ssl.endpoint.identification.algorithm': value === '' ? 'none' : value.toLowerCase() });
    case 'sasl.jaas.config':
      return translateJaas(value, valueOf);
    case 'ssl.truststore.location':
      return storeType(valueOf('ssl.truststore.type'), value) === 'PEM'
        ? translated({ 'ssl.ca.location': value })
        : refused(
            'a Java trust store cannot be read; export its certificates as PEM (`keytool -exportcert -rfc`) and use ssl.ca.location',
          );
    case 'ssl.truststore.certificates':
      return translated({ 'ssl.ca.pem': value });
    case 'ssl.truststore.type':
    case 'ssl.keystore.type':
      return translated({});
    case 'ssl.truststore.password':
      return refused('a PEM file of certificates has no password; omit it');
    case 'ssl.keystore.certificate.chain':
      return translated({ 'ssl.certificate.pem': value });
    case 'ssl.keystore.key':
      return translated({ 'ssl.key.pem': value });
    case 'ssl.protocol':
    case 'ssl.enabled.protocols':
      return refused("the members' client (librdkafka) cannot choose the TLS version; omit it");
    case 'sasl.login.callback.handler.class':
    case 'sasl.oauthbearer.jwt.retriever.class':
      return knownClasses.test(value) ? translated({}) : refused('that class is not supported; omit it');
    case 'sasl.oauthbearer.header.urlencode':
      return value === 'false' ? translated({}) : refused('client id and secret are sent as they are; omit it');
    case 'sasl.oauthbearer.token.endpoint.url':
      // Java has no property for the method: it uses OIDC when there is a token endpoint.
      return translated({ 'sasl.oauthbearer.method': 'oidc', [name]: value });
    case 'ssl.keystore.location':
      return translateKeystore(value, valueOf('ssl.keystore.type'));
    default:
      return translateByName(name, value);
  }
}

function translateByName(name: string, value: string): Translation {
  const counterpart = counterparts[name];
  if (counterpart !== undefined)
    return refused(`this is a name of the Java client; the closest equivalent is ${counterpart}`);
  return javaOnlyNames.test(name) ? refused('it is for the Java client only; omit it') : translated({ [name]: value });
}

function storeType(declared: string | undefined, path: string): string {
  return declared?.toUpperCase() ?? (/\.(pem|crt|cer)$/i.test(path) ? 'PEM' : 'JKS');
}

function translateKeystore(path: string, declared: string | undefined): Translation {
  const type = declared?.toUpperCase() ?? (path.toLowerCase().endsWith('.jks') ? 'JKS' : 'PKCS12');
  if (type === 'PKCS12') return translated({ 'ssl.keystore.location': path });
  // A PEM key store is one file with the key and the certificate chain.
  if (type === 'PEM') return translated({ 'ssl.key.location': path, 'ssl.certificate.location': path });
  return refused('a JKS key store cannot be read; convert it with `keytool -importkeystore -deststoretype PKCS12`');
}
