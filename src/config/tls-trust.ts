import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { ClusterError, unreadable } from '../errors.ts';

type Properties = Readonly<Record<string, string>>;

const beginOfCertificate = '-----BEGIN CERTIFICATE-----';
/**
 * Single files in which systems keep their authorities, for versions of Node that can't list them.
 */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

/**
 * Makes both clients trust the same authorities. By default they differ: one reads folders by
 * OpenSSL's hashed names and uses OpenSSL's default paths, the other reads no folders and has a
 * built-in list. Therefore a folder, and the system's authorities when none are named, are replaced
 * by the text of their certificates.
 * @throws ClusterError input when a folder can't be read, usage when it contains no certificate
 */
export async function withTrust(properties: Properties): Promise<Properties> {
  const tlsToBrokers = /^(sasl_)?ssl$/i.test(properties['security.protocol'] ?? '');
  const tlsToTokens = properties['sasl.oauthbearer.token.endpoint.url']?.startsWith('https:') ?? false;
  let trusting = properties;
  if (tlsToBrokers) trusting = await resolved(trusting, 'ssl.ca');
  if (tlsToTokens) trusting = await resolved(trusting, 'https.ca');
  return trusting;
}

async function resolved(properties: Properties, prefix: 'ssl.ca' | 'https.ca'): Promise<Properties> {
  const { [`${prefix}.location`]: location, [`${prefix}.pem`]: pem, ...others } = properties;
  if (location === undefined && pem !== undefined) return properties;
  if (location !== undefined && location !== 'probe') {
    const folder = await readFolder(`${prefix}.location`, location);
    if (folder === undefined) return properties;
    return { ...others, [`${prefix}.pem`]: joined([folder, pem]) };
  }
  return { ...others, [`${prefix}.pem`]: joined([await systemAuthorities(), pem]) };
}

/** @returns the certificates of all files in a folder; undefined when the path is not a folder */
async function readFolder(property: string, path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return undefined;
    const names = (await readdir(path)).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8').catch(() => '')));
    const certificates = [...new Set(texts.filter((text) => text.includes(beginOfCertificate)))];
    if (certificates.length > 0) return joined(certificates);
  } catch (error) {
    throw unreadable(path, error, { option: property });
  }
  throw new ClusterError('usage', `${path} contains no PEM certificate (${property})`);
}

async function systemAuthorities(): Promise<string> {
  // Node 22.15, 23.10 and later list them; @types/node is older.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  const listed = getCACertificates?.('system') ?? [];
  if (listed.length > 0) return joined(listed);
  for (const file of systemFiles) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.includes(beginOfCertificate)) return text;
  }
  // A slim image has no system authorities, so Node's list is used.
  return joined([...tls.rootCertificates]);
}

function joined(texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined)
    .map((text) => text.trim())
    .join('\n');
}
