import { isIPv6 } from 'node:net';
import { ClusterError } from '../errors.ts';

export interface ServerAddress {
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** librdkafka's default. */
const defaultPort = 9092;
const urlPattern = /^(?<protocol>[A-Za-z_]+):\/\/(?<address>[^/]*)(\/.*)?$/;
/** The hosts of the two forms: `[IPv6]` and anything without a colon. */
const addressPattern = /^(\[(?<literal>[^\]]+)\]|(?<name>[^:\s/@[\]]*))(:(?<port>\d{1,5}))?$/;

/**
 * Parses the list of --bootstrap-server as librdkafka does. Entries are HOST:PORT or
 * PROTOCOL://HOST:PORT, separated by one or more commas. IPv6 addresses are in brackets. The
 * default port is 9092.
 * @param securityProtocol - the connection's protocol; a PROTOCOL in the list must be the same
 * @throws ClusterError usage, with the entry
 */
export function parseBootstrapServers(text: string, securityProtocol = 'plaintext'): ServerAddress[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw malformed(text);
  return entries.map((entry) => {
    const url = urlPattern.exec(entry)?.groups;
    const protocol = url?.['protocol'];
    const address = parseAddress(url?.['address'] ?? entry);
    if (address === undefined) throw malformed(entry);
    if (protocol !== undefined && protocol.toLowerCase() !== securityProtocol.toLowerCase()) {
      throw contradicted(entry, protocol, securityProtocol);
    }
    return address;
  });
}

/** Formats `host:port`, with an IPv6 address in brackets, as both clients and users read it. */
export function formatServer({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseAddress(text: string): ServerAddress | undefined {
  // librdkafka treats a name with several colons and no brackets as an IPv6 address without a port.
  if (isIPv6(text)) return { host: text, port: defaultPort };
  const { literal, name, port: digits } = addressPattern.exec(text)?.groups ?? {};
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  if (literal !== undefined) return isIPv6(literal) ? { host: literal, port } : undefined;
  return name === undefined || name === '' ? undefined : { host: name, port };
}

function malformed(entry: string): ClusterError {
  return new ClusterError('usage', `'${entry}' is not HOST:PORT (--bootstrap-server)`, {
    hint: 'for example --bootstrap-server 127.0.0.1:9092,[::1]:9093',
  });
}

function contradicted(entry: string, protocol: string, securityProtocol: string): ClusterError {
  const message = `'${entry}' contradicts security.protocol ${securityProtocol.toLowerCase()} (--bootstrap-server)`;
  return new ClusterError('usage', message, {
    hint: `set security.protocol=${protocol.toLowerCase()} in --command-config or --command-property`,
  });
}
