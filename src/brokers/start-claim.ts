import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { ClusterError } from '../errors.ts';
import { userFolder } from './user-folder.ts';

/**
 * Prevents two simultaneous starts of background brokers by one user. The claim is a socket in
 * Linux's abstract namespace: the kernel grants it to one process at a time and releases it when
 * that process ends, so a claim is never stale.
 * @returns a function that releases the claim
 * @throws ClusterError environment when another process has it
 */
export async function claimStart(): Promise<() => void> {
  // Named by device and inode: containers may share the network, and with it this namespace, but
  // not the folder.
  const { dev, ino } = await stat(await userFolder());
  const server: Server = createServer((socket) => socket.destroy());
  server.listen(`\0consumer-cluster-brokers-${dev}-${ino}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new ClusterError('environment', 'another `consumer-cluster brokers` is starting brokers', {
      cause,
      hint: 'use those; run consumer-cluster brokers status to see when they are up',
    });
  }
  server.unref();
  return () => {
    server.close();
  };
}
