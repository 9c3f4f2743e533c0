import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { ClusterError } from '../errors.ts';

/** First and last port, both inclusive. */
export type PortRange = readonly [first: number, last: number];

/** Preferred range: below the ephemeral ports of most kernels, above the ports of most servers. */
const usual: PortRange = [20_000, 31_999];
/** Ports that unprivileged programs may listen on. */
const [lowest, highest]: PortRange = [1_024, 65_535];
/** In a smaller range, several free ports would soon be hard to find. */
const portsMin = 1_000;
const attemptsMax = 200;

/**
 * A range outside the one from which the kernel draws ports for outgoing connections. Any client
 * could take a port inside it while a killed broker is down. Worse, a client that keeps connecting
 * to such a port on loopback can end up connected to itself. Pure.
 * @param outgoing - the kernel's range: 32768 to 60999 on Linux unless it is set otherwise
 * @returns the usual range, otherwise the larger one below or above; the usual range when neither
 *   has room
 */
export function portRange([first, last]: PortRange): PortRange {
  if (last < usual[0] || first > usual[1]) return usual;
  const below: PortRange = [lowest, first - 1];
  const above: PortRange = [last + 1, highest];
  const sizeOf = ([from, to]: PortRange): number => to - from + 1;
  const larger = sizeOf(below) >= sizeOf(above) ? below : above;
  return sizeOf(larger) < portsMin ? usual : larger;
}

/** The kernel's range for outgoing connections; Linux's default when it is not readable. */
async function outgoingPorts(): Promise<PortRange> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const [, first = '32768', last = '60999'] = /^(\d+)\s+(\d+)/.exec(text) ?? [];
  return [Number(first), Number(last)];
}

/**
 * @param except - ports that were chosen before, and may not be in use yet
 * @returns the given number of different ports on 127.0.0.1 that were free at the time of the call
 */
export async function findPorts(count: number, except: readonly number[] = []): Promise<number[]> {
  const [first, last] = portRange(await outgoingPorts());
  const ports = new Set<number>();
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(first, last + 1);
    if (!except.includes(port) && (await isPortFree(port))) ports.add(port);
    if (ports.size === count) return [...ports];
  }
  throw new ClusterError('environment', `no free ports on 127.0.0.1 from ${first} to ${last}`);
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
