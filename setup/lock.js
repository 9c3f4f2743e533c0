import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { root } from './project.js';

/**
 * The full size of sun_path: some versions of Node pad a shorter name with zeros, which would make
 * it another name.
 */
const addressBytes = 108;

/**
 * Prevents two simultaneous set-ups of one folder. The lock is a socket in Linux's abstract
 * namespace: the kernel grants it to one process at a time and releases it when that process ends,
 * so a lock is never stale.
 */
const address = `\0consumer-cluster-setup-${createHash('sha256').update(root).digest('hex')}`.padEnd(addressBytes, '-');

/**
 * @param {{ waitMsMax: number, onWait: () => void }} options - `onWait` is called once, when
 *   another set-up holds the lock
 * @returns {Promise<() => void>} releases the lock
 * @throws {Error} when it is not free after `waitMsMax`
 */
export async function acquireLock({ waitMsMax, onWait }) {
  const deadlineMs = performance.now() + waitMsMax;
  for (let waited = false; performance.now() < deadlineMs; waited = true) {
    const release = await tryLock();
    if (release !== undefined) return release;
    if (!waited) onWait();
    await holderGone(deadlineMs - performance.now());
  }
  throw new Error(`another setup process in this folder is still running after ${waitMsMax / 1_000} s`);
}

function tryLock() {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => waiting.delete(socket));
    });
    server.on('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref();
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      });
    });
  });
}

/**
 * Resolves when the holder releases the lock or ends: it never sends, so a connection to it ends
 * only then.
 */
function holderGone(timeoutMs) {
  return new Promise((resolve) => {
    const socket = connect(address);
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
  });
}
