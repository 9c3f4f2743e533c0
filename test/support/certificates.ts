import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files, made by openssl for one test and valid for two days. */
export interface Certificates {
  readonly ca: string;
  /** An authority that signed nothing here. */
  readonly otherCa: string;
  /** Key and certificate of the broker in one file, as Kafka reads a PEM key store. */
  readonly server: string;
  readonly clientCertificate: string;
  /** Encrypted with `keyPassword`. */
  readonly clientKey: string;
  /** The same key and certificate as PKCS#12, encrypted with `keyPassword`. */
  readonly clientStore: string;
  readonly keyPassword: string;
  /** Revokes nothing. */
  readonly emptyCrl: string;
  /** Revokes the broker's certificate. */
  readonly revokingCrl: string;
}

const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2'];

/** @param keyPassword - at least four characters */
export async function makeCertificates(folder: string, keyPassword: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  const openssl = async (...args: string[]): Promise<void> => {
    await promisify(execFile)('openssl', args, { cwd: folder });
  };
  const authority = (name: string): Promise<void> => {
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    const subject = ['-subj', `/CN=${name} of a test`];
    return openssl(
      'req',
      '-x509',
      ...newKey,
      '-nodes',
      ...subject,
      ...usage,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  };
  await Promise.all([authority('ca'), authority('other')]);
  const signed = [
    'req',
    '-x509',
    ...newKey,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-addext',
    'basicConstraints=CA:FALSE',
  ];
  await openssl(
    ...signed,
    '-nodes',
    '-subj',
    '/CN=broker',
    '-addext',
    names,
    '-keyout',
    'server.key',
    '-out',
    'server.crt',
  );
  const client = [
    '-passout',
    `pass:${keyPassword}`,
    '-subj',
    '/CN=client',
    '-keyout',
    'client.key',
    '-out',
    'client.crt',
  ];
  await openssl(...signed, ...client);
  await writeFile(
    file('server.pem'),
    (await readFile(file('server.key'), 'utf8')) + (await readFile(file('server.crt'), 'utf8')),
  );
  const store = ['-inkey', 'client.key', '-in', 'client.crt', '-passin', `pass:${keyPassword}`];
  await openssl('pkcs12', '-export', ...store, '-passout', `pass:${keyPassword}`, '-out', 'client.p12');
  await writeFile(file('index.txt'), '');
  await writeFile(file('ca.cnf'), '[ca]\ndefault_ca=ca_default\n[ca_default]\ndatabase=index.txt\ndefault_md=sha256\n');
  const ca = ['ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
  await openssl(...ca, '-gencrl', '-crldays', '2', '-out', 'empty.crl');
  await openssl(...ca, '-revoke', 'server.crt');
  await openssl(...ca, '-gencrl', '-crldays', '2', '-out', 'revoking.crl');
  return {
    ca: file('ca.pem'),
    otherCa: file('other.pem'),
    server: file('server.pem'),
    clientCertificate: file('client.crt'),
    clientKey: file('client.key'),
    clientStore: file('client.p12'),
    keyPassword,
    emptyCrl: file('empty.crl'),
    revokingCrl: file('revoking.crl'),
  };
}
