import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { sleep } from '../../time/sleep.ts';
import { obstacleOf, type Direction, type Link, type LinkRule } from './link-rules.ts';

export interface ProxyRules {
  readonly all: Iterable<LinkRule>;
  /** Aborted at the next change of the rules. */
  changed(): AbortSignal;
}

/** One connection of a client to a broker through this process. */
export class ProxiedConnection {
  readonly #member: Socket;
  readonly #broker: Socket;
  readonly #nodeId: number;
  readonly #rules: ProxyRules;
  #link: Link | undefined;
  #reset = false;

  constructor(member: Socket, broker: { readonly nodeId: number; readonly brokerPort: number }, rules: ProxyRules) {
    this.#member = member;
    this.#nodeId = broker.nodeId;
    this.#rules = rules;
    this.#broker = connect({ host: '127.0.0.1', port: broker.brokerPort, noDelay: true });
    member.setNoDelay(true);
    // An error also ends the reading below, which handles it.
    for (const socket of [this.#member, this.#broker]) socket.on('error', () => undefined);
  }

  /** The client and the broker; undefined before the first request. */
  get link(): Link | undefined {
    return this.#link;
  }

  resetAtNextResponse(): void {
    this.#reset = true;
  }

  /** Resolves when the connection has ended. */
  async run(): Promise<void> {
    try {
      await Promise.race([
        Promise.all([this.#pump('toBroker'), this.#pump('toMember')]),
        // When the broker is down, no loop reads its side.
        once(this.#broker, 'close').then(() => sleep(0)),
      ]);
    } catch {
      // One side has closed; the other is closed below.
    } finally {
      this.destroy();
    }
  }

  destroy(): void {
    this.#member.destroy();
    this.#broker.destroy();
  }

  async #pump(direction: Direction): Promise<void> {
    const { from, to } = {
      toBroker: { from: this.#member, to: this.#broker },
      toMember: { from: this.#broker, to: this.#member },
    }[direction];
    let first = Buffer.alloc(0);
    for await (const chunk of from as AsyncIterable<Buffer>) {
      let bytes = chunk;
      if (direction === 'toBroker' && this.#link === undefined) {
        first = Buffer.concat([first, chunk]);
        const clientId = clientIdOf(first);
        if (clientId === undefined) continue;
        this.#link = { clientId, nodeId: this.#nodeId, clientPort: this.#member.remotePort ?? 0 };
        bytes = first;
      }
      await this.#passObstacles(direction, bytes.length);
      if (direction === 'toMember' && this.#reset) {
        to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        to.resetAndDestroy();
        return;
      }
      // A closed side never drains. The other is read to its end all the same: left unread, it
      // would stay open forever.
      if (!to.destroyed && !to.write(bytes)) await drainedOrClosed(to);
    }
    to.end();
  }

  /**
   * Resolves when the given number of bytes may pass. Until then no more is read: further bytes
   * wait in the sender.
   */
  async #passObstacles(direction: Direction, sizeBytes: number): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    for (;;) {
      const changed = this.#rules.changed();
      const { closed, delayMs, bytesPerSecond } = obstacleOf(this.#rules.all, link, direction);
      if (!closed) {
        const waitMs = delayMs + (sizeBytes / bytesPerSecond) * 1_000;
        if (waitMs > 0) await sleep(waitMs);
        return;
      }
      await new Promise<void>((resolve) => {
        if (changed.aborted || this.#member.destroyed) resolve();
        changed.addEventListener('abort', () => {
          resolve();
        });
      });
      if (this.#member.destroyed) return;
    }
  }
}

async function drainedOrClosed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

/**
 * Size, API key, API version and correlation id precede the client id in every request of Kafka's
 * protocol.
 */
const bytesBefore = 12;

/**
 * The client id in the header of a connection's first request.
 * @param bytes - the first bytes of the connection
 * @returns undefined while there are too few bytes; an empty text for a client without an id
 */
export function clientIdOf(bytes: Buffer): string | undefined {
  if (bytes.length < bytesBefore + 2) return undefined;
  const length = Math.max(0, bytes.readInt16BE(bytesBefore));
  const start = bytesBefore + 2;
  return bytes.length < start + length ? undefined : bytes.toString('utf8', start, start + length);
}
