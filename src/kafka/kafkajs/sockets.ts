import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs';
import { formatServer, type ServerAddress } from '../../config/bootstrap-servers.ts';
import type { Connection } from '../../config/connection.ts';
import { ClusterError } from '../../errors.ts';

/**
 * Outcome of the last connection to a broker's address. kafkajs distinguishes these cases by text
 * or not at all, and a user needs to know which one it is.
 */
export type Sighting =
  /** The connection was neither accepted nor refused so far. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'tlsFailed'; readonly code: string }
  /** The connection was accepted and then closed without a response. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'http' }
  /** The response to plaintext was a TLS alert. */
  | { readonly kind: 'wantsTls' }
  | { readonly kind: 'answered' }
  /** The first request was answered, the connection then closed, as a listener with SASL does. */
  | { readonly kind: 'hungUp' };

/**
 * Latest outcome by `host:port`. A connection that is cut off before it has come as far as an earlier
 * one changes nothing.
 */
export type Sightings = ReadonlyMap<string, Sighting>;

/** A broker that is starting or going down cuts connections, and so does a listener with other security settings. */
export function isCut(sighting: Sighting): boolean {
  const { kind } = sighting;
  return kind === 'closed' || kind === 'hungUp' || (kind === 'tlsFailed' && sighting.code === 'ECONNRESET');
}

const keepAliveDelayMs = 60_000;
const closedMessage = 'the client was closed';
/** 'HTTP', where Kafka has the length of its answer. */
const httpPrefix = 0x48_54_54_50;
/** Content type and major version of a TLS alert record. */
const tlsAlertPrefix = 0x15_03;

/**
 * A bootstrap server as kafkajs's configuration wants it. kafkajs splits the text at its first
 * colon, so those of an IPv6 address are escaped; the socket factory restores them.
 */
export function seedServer({ host, port }: ServerAddress): string {
  return `${host.replaceAll('%', '%25').replaceAll(':', '%3A')}:${port}`;
}

function hostOf(seedHost: string): string {
  return seedHost.includes('%3A') ? decodeURIComponent(seedHost) : seedHost;
}

/** Creates the sockets of one kafkajs client, records their outcomes, and can destroy them all. */
export class KafkajsSockets {
  readonly #sockets = new Set<net.Socket>();
  readonly #sightings: Map<string, Sighting>;
  readonly #family: 0 | 4 | 6;
  readonly #closed = new AbortController();

  /**
   * @param properties - the connection's; broker.address.family chooses among a host's addresses
   * @param options.signal - destroys all sockets when it is aborted, and is the reason of `closed` then
   * @param options.sightings - outcomes of earlier clients with this connection
   */
  constructor(
    { properties }: Pick<Connection, 'properties'>,
    options: { readonly signal?: AbortSignal | undefined; readonly sightings?: Sightings } = {},
  ) {
    const { signal, sightings = [] } = options;
    this.#sightings = new Map(sightings);
    const family = properties['broker.address.family'];
    this.#family = family === 'v4' ? 4 : family === 'v6' ? 6 : 0;
    if (signal === undefined) return;
    const abort = (): void => {
      this.destroy(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { signal: this.closed });
  }

  readonly factory: ISocketFactory = (args) => {
    const host = hostOf(args.host);
    const socket = open({ ...args, host }, this.#family);
    const address = formatServer({ host, port: args.port });
    this.#sockets.add(socket);
    this.#watch(socket, address, args.ssl);
    socket.setKeepAlive(true, keepAliveDelayMs);
    // A request that kafkajs was retrying connects again after the close.
    if (this.closed.aborted) this.destroy();
    return socket;
  };

  /** Aborted by `destroy`. The reason is what calls of the client end with from then on. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get sightings(): Sightings {
    return this.#sightings;
  }

  /**
   * Ends every connection immediately. Pending requests fail, and no timer or socket keeps the
   * process alive.
   */
  destroy(reason: unknown = new ClusterError('brokerUnavailable', closedMessage)): void {
    this.#closed.abort(reason);
    for (const socket of this.#sockets) socket.destroy(new Error(closedMessage));
    this.#sockets.clear();
  }

  #watch(socket: net.Socket, address: string, ssl: tls.ConnectionOptions | null): void {
    let connected = false;
    let secured = ssl === null;
    let answered = false;
    const see = (sighting: Sighting): void => {
      // Errors that follow from our own disconnect say nothing about the broker.
      if (!this.closed.aborted && !socket.writableEnded) this.#sightings.set(address, sighting);
    };
    if (!this.#sightings.has(address)) see({ kind: 'connecting' });
    socket.once('connect', () => {
      connected = true;
      if (this.#sightings.get(address)?.kind === 'connecting') this.#sightings.delete(address);
    });
    socket.once('secureConnect', () => {
      secured = true;
    });
    const seen = (): Sighting['kind'] | undefined => this.#sightings.get(address)?.kind;
    const cut = (): void => {
      if (!answered) see({ kind: 'closed' });
      else if (seen() === 'answered') see({ kind: 'hungUp' });
    };
    socket.once('data', (chunk: Buffer) => {
      answered = true;
      const answer = firstAnswer(chunk);
      const note = (): void => {
        see(answer);
      };
      // A listener with SASL responds to the first request, too: after the end of such a connection,
      // only the second response says more.
      if (seen() !== 'hungUp') note();
      socket.once('data', note);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'unknown';
      if (!connected) see({ kind: 'unreachable', code });
      else if (!secured) see({ kind: 'tlsFailed', code });
      else cut();
    });
    socket.once('end', () => {
      if (secured) cut();
      else see({ kind: 'tlsFailed', code: 'ECONNRESET' });
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
    });
  }
}

function open({ host, port, ssl, onConnect }: ISocketFactoryArgs, family: 0 | 4 | 6): net.Socket {
  // kafkajs passes null without TLS, although its types exclude that.
  if ((ssl as tls.ConnectionOptions | null) === null) return net.connect({ host, port, family }, onConnect);
  const serverName = net.isIP(host) === 0 ? { servername: host } : {};
  // Handed on to net.connect, which the types of tls.connect leave out.
  const address: tls.ConnectionOptions & { readonly family: number } = { host, port, family };
  return tls.connect({ ...address, ...serverName, ...ssl }, onConnect);
}

function firstAnswer(chunk: Buffer): Sighting {
  if (chunk.length >= 4 && chunk.readUInt32BE(0) === httpPrefix) return { kind: 'http' };
  if (chunk.length >= 2 && chunk.readUInt16BE(0) === tlsAlertPrefix) return { kind: 'wantsTls' };
  return { kind: 'answered' };
}
