import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { TestProject } from 'vitest/node';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * On 127.0.0.1; each connection receives one JSON value: a Connection, or an error's message as
     * a string.
     */
    readonly sharedBrokersPort: number;
  }
}

let starting: Promise<ManagedBrokers> | undefined;
let server: Server | undefined;

/**
 * Vitest's global set-up: managed brokers for the whole run, started when the first test asks for
 * them.
 */
export async function setup(project: TestProject): Promise<void> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    starting ??= startManagedBrokers({ log: (line) => process.stderr.write(`shared brokers: ${line}\n`) });
    starting.then(
      (brokers) => socket.end(JSON.stringify(brokers.connection)),
      (error: unknown) => {
        // The next file tries again.
        starting = undefined;
        socket.end(JSON.stringify(error instanceof Error ? error.message : String(error)));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  project.provide('sharedBrokersPort', address.port);
}

export async function teardown(): Promise<void> {
  server?.close();
  await (await starting?.catch(() => undefined))?.stop();
}
