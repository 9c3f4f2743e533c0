import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { nodeCiphers } from '../../config/tls-settings.ts';
import { unreadable } from '../../errors.ts';

type Properties = Readonly<Record<string, string>>;

/**
 * The TLS settings of librdkafka's properties for a socket of Node.
 * @throws ClusterError input when a file can't be read
 */
export function tlsOptions(properties: Properties): ConnectionOptions {
  const keystore = properties['ssl.keystore.location'];
  const passphrase = properties[keystore === undefined ? 'ssl.key.password' : 'ssl.keystore.password'];
  const ciphers = properties['ssl.cipher.suites'];
  const options: ConnectionOptions = {
    ...defined('ca', authorities(properties, 'ssl.ca')),
    ...defined('crl', fileOf(properties, 'ssl.crl.location')),
    ...defined('cert', properties['ssl.certificate.pem'] ?? fileOf(properties, 'ssl.certificate.location')),
    ...defined('key', properties['ssl.key.pem'] ?? fileOf(properties, 'ssl.key.location')),
    ...defined('pfx', fileOf(properties, 'ssl.keystore.location')),
    ...defined('passphrase', passphrase),
    ...defined('ciphers', ciphers === undefined ? undefined : nodeCiphers(ciphers)),
    ...defined('ecdhCurve', properties['ssl.curves.list']),
    ...defined('sigalgs', properties['ssl.sigalgs.list']),
  };
  if (properties['enable.ssl.certificate.verification'] === 'false') options.rejectUnauthorized = false;
  if (properties['ssl.endpoint.identification.algorithm'] === 'none') options.checkServerIdentity = () => undefined;
  return options;
}

/** Trusted authorities of the file and of the text together; undefined when neither is given. */
export function authorities(properties: Properties, prefix: 'ssl.ca' | 'https.ca'): (string | Buffer)[] | undefined {
  const texts = [fileOf(properties, `${prefix}.location`), properties[`${prefix}.pem`]].filter(
    (text) => text !== undefined,
  );
  return texts.length === 0 ? undefined : texts;
}

function defined<Name extends keyof ConnectionOptions>(
  name: Name,
  value: ConnectionOptions[Name] | undefined,
): ConnectionOptions {
  return value === undefined ? {} : { [name]: value };
}

function fileOf(properties: Properties, name: string): Buffer | undefined {
  const path = properties[name];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error, { option: name });
  }
}
