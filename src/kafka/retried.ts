import type { Connection } from '../config/connection.ts';
import { sleep } from '../metrics/sleep.ts';
import { within } from './deadline.ts';
import { finalError, timeUpError, type AclRight } from './kafkajs-errors.ts';
import type { KafkajsSockets } from './kafkajs-sockets.ts';

export const retryDelayMs = 100;

/**
 * What a call of kafkajs comes to, tried again while what stopped it may pass.
 * @param options.subject - the topic or the group that it is about, for errors
 * @throws WordcountError what the brokers answered for good, or brokerUnavailable after `timeoutMs`
 */
export async function retried<T>(
  options: {
    readonly connection: Connection;
    readonly timeoutMs: number;
    readonly subject: string;
    readonly sockets: KafkajsSockets;
    /** What the call needs on the subject: Describe by default. */
    readonly right?: AclRight;
  },
  action: () => Promise<T>,
): Promise<T> {
  const { subject, sockets, connection, timeoutMs } = options;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await within(deadlineMs, action);
    } catch (error) {
      const final = finalError(error, subject, sockets.sightings, options.right);
      if (final !== undefined) throw final;
      if (performance.now() + retryDelayMs >= deadlineMs) {
        throw timeUpError(sockets.sightings, { bootstrapServers: connection.bootstrapServers, timeoutMs });
      }
    }
    await sleep(retryDelayMs);
  }
}
