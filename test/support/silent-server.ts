import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'vitest';
import type { Connection } from '../../src/config/connection.ts';
import { eventually } from './eventually.ts';

/** A server that accepts connections and never responds, as brokers that hang do. */
export interface SilentServer {
  readonly connection: Connection;
  /** Resolves when a client has sent a request. */
  readonly reached: Promise<unknown>;
  /** Connections that the client has not closed. */
  readonly open: ReadonlySet<Socket>;
}

/** Longer than any test: what ends earlier was ended by something else. */
export const neverMs = 600_000;

export async function withSilentServer(action: (server: SilentServer) => Promise<void>): Promise<void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    // A reader notices the end of a connection, too.
    socket.on('data', () => {
      requested.abort();
    });
  });
  const requested = new AbortController();
  const reached = once(requested.signal, 'abort');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const connection: Connection = { bootstrapServers: `127.0.0.1:${port}`, source: 'external', properties: {} };
  try {
    await action({ connection, reached, open });
  } finally {
    for (const socket of open) socket.destroy();
    server.close();
  }
}

/**
 * Aborts `action` when it waits for brokers that do not respond: it must end with the reason of the
 * signal, and leave neither a connection nor a listener.
 */
export async function expectAbortable(
  action: (connection: Connection, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  await withSilentServer(async ({ connection, reached, open }) => {
    const abort = new AbortController();
    const ended = expect(action(connection, abort.signal)).rejects.toThrow('no longer wanted');
    await reached;
    abort.abort(new Error('no longer wanted'));
    await ended;
    await eventually('no connection is open', () => open.size === 0, 20_000);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
}
