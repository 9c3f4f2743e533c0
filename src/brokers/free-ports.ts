import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { WordcountError } from '../errors.ts';

/**
 * Below the range from which kernels draw ports for outgoing connections (32768 on Linux). A port inside it could be
 * taken by any client while a killed broker is down; worse, a client that keeps connecting to it on loopback can
 * end up connected to itself.
 */
const portMin = 20_000;
const portEnd = 32_000;
const attemptsMax = 200;

/** @returns three ports on 127.0.0.1 that were free a moment ago */
export async function findFreePorts(): Promise<[number, number, number]> {
  return (await findPorts(3)) as [number, number, number];
}

/** @returns so many different ports on 127.0.0.1 that were free a moment ago */
export async function findPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(portMin, portEnd);
    if (await isPortFree(port)) ports.add(port);
    if (ports.size === count) return [...ports];
  }
  throw new WordcountError('environment', `no free ports on 127.0.0.1 between ${portMin} and ${portEnd}`);
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
