import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { root } from './project.js';

/** The whole of sun_path: Node 20 pads a shorter name with zeros and newer ones do not, so it would be two names. */
const addressBytes = 108;

/**
 * Keeps two set-ups of one folder apart. The lock is a socket in Linux's abstract namespace: the kernel gives it to one process at a time and
 * takes it back when that process ends, however it ends, so there is no stale lock to judge.
 */
const address = `\0consumer-cluster-setup-${createHash('sha256').update(root).digest('hex')}`.padEnd(addressBytes, '-');

/**
 * @param {{ waitMsMax: number, onWait: () => void }} options - `onWait` is called once, when another set-up holds the lock
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

/** The holder never sends: a connection to it ends when it releases the lock or ends. */
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
