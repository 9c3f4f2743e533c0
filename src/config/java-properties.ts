/**
 * A property of Kafka's Java client in librdkafka's terms: the properties that say exactly the same, or why there are
 * none. Values never appear in `reason`.
 */
export type Translation =
  | { readonly type: 'same' }
  | { readonly type: 'translated'; readonly properties: Readonly<Record<string, string>> }
  | { readonly type: 'refused'; readonly reason: string };

const javaOnlyNames =
  /^((key|value)\.(de)?serializer|interceptor\.classes|metric\.reporters|metrics\..*|auto\.include\.jmx\.reporter|sasl\.(login|client\.callback)\..*|ssl\.(protocol|provider|enabled\.protocols|(trust|key)manager\.algorithm|engine\.factory\.class))$/;

const same: Translation = { type: 'same' };
const translated = (properties: Readonly<Record<string, string>>): Translation => ({ type: 'translated', properties });
const refused = (reason: string): Translation => ({ type: 'refused', reason });

/** Java's names whose meaning another name of librdkafka has, though not to the letter. */
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
 * @param value - of the property `name`
 * @param valueOf - another property's value, for those that belong together (`ssl.truststore.type`)
 */
export function translateJavaProperty(
  name: string,
  value: string,
  valueOf: (name: string) => string | undefined,
): Translation {
  switch (name) {
    case 'fetch.max.wait.ms':
      return translated({ 'fetch.wait.max.ms': value });
    case 'security.protocol':
      return translated({ 'security.protocol': value.toLowerCase() });
    case 'ssl.endpoint.identification.algorithm':
      return translated({ 'ssl.endpoint.identification.algorithm': value === '' ? 'none' : value.toLowerCase() });
    case 'sasl.jaas.config':
      return translateJaas(value);
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
      return refused('a PEM file of certificates has no password; leave it out');
    case 'ssl.keystore.certificate.chain':
      return translated({ 'ssl.certificate.pem': value });
    case 'ssl.keystore.key':
      return translated({ 'ssl.key.pem': value });
    case 'ssl.keystore.location':
      return translateKeystore(value, valueOf('ssl.keystore.type'));
    default:
      return translateByName(name);
  }
}

function translateByName(name: string): Translation {
  const counterpart = counterparts[name];
  if (counterpart !== undefined) return refused(`that is the Java client's name; the nearest here is ${counterpart}`);
  return javaOnlyNames.test(name) ? refused('it is for the Java client only; leave it out') : same;
}

function storeType(declared: string | undefined, path: string): string {
  return declared?.toUpperCase() ?? (/\.(pem|crt|cer)$/i.test(path) ? 'PEM' : 'JKS');
}

function translateKeystore(path: string, declared: string | undefined): Translation {
  const type = declared?.toUpperCase() ?? (path.toLowerCase().endsWith('.jks') ? 'JKS' : 'PKCS12');
  if (type === 'PKCS12') return same;
  // A PEM key store is one file with the key and the certificate chain.
  if (type === 'PEM') return translated({ 'ssl.key.location': path, 'ssl.certificate.location': path });
  return refused('a JKS key store cannot be read; convert it with `keytool -importkeystore -deststoretype PKCS12`');
}

function translateJaas(value: string): Translation {
  const module = /^\s*[\w.]*?(\w+)\s+required\b/.exec(value)?.[1];
  if (module !== 'PlainLoginModule' && module !== 'ScramLoginModule') {
    return refused('only PlainLoginModule and ScramLoginModule are known here; set sasl.username and sasl.password');
  }
  const username = jaasOption(value, 'username');
  const password = jaasOption(value, 'password');
  if (username === undefined || password === undefined) {
    return refused('it has no username="…" and password="…"');
  }
  return translated({ 'sasl.username': username, 'sasl.password': password });
}

function jaasOption(text: string, name: string): string | undefined {
  const quoted = new RegExp(`\\b${name}\\s*=\\s*(?:"((?:\\\\.|[^"\\\\])*)"|'((?:\\\\.|[^'\\\\])*)')`).exec(text);
  return (quoted?.[1] ?? quoted?.[2])?.replace(/\\(.)/g, '$1');
}
