import type { Connection } from '../../config/connection.ts';
import { nowMs } from '../../time/clock.ts';
import { sleepUntil } from '../../time/sleep.ts';
import { toClusterError, type ClusterError } from '../../errors.ts';
import { within } from '../../time/time-limit.ts';
import { finalError, timeUpError, type AclRight } from './errors.ts';
import type { KafkajsSockets } from './sockets.ts';
import { haveWorked, settingsWorked } from './worked-settings.ts';

export const retryDelayMs = 100;

/** Interrupts a call that will be retried; its message is not shown. */
export class PassingError extends Error {
  /** Error to throw when the call still fails at the end of the time. */
  readonly ifLasting: ClusterError;

  constructor(ifLasting: ClusterError) {
    super(ifLasting.message);
    this.ifLasting = ifLasting;
  }
}

/**
 * Result of a call of kafkajs, retried while its failure is transient.
 * @param options.subject - the topic or the group of the call, for errors
 * @throws ClusterError for the broker's permanent errors; for the last transient one, or
 * brokerUnavailable, after `timeoutMs`; what `sockets.closed` is aborted with, at once
 */
export async function retried<T>(
  options: {
    readonly connection: Connection;
    readonly timeoutMs: number;
    readonly subject: string;
    readonly sockets: KafkajsSockets;
    /** Right on the subject that the call needs; default: Describe. */
    readonly right?: AclRight;
  },
  action: () => Promise<T>,
): Promise<T> {
  const { subject, sockets, connection, timeoutMs } = options;
  const deadlineMs = nowMs() + timeoutMs;
  let lasting: ClusterError | undefined;
  for (;;) {
    try {
      const result = await within(deadlineMs, action, sockets.closed);
      settingsWorked(connection);
      return result;
    } catch (error) {
      sockets.closed.throwIfAborted();
      const final = finalError(error, subject, sockets.sightings, options.right);
      if (final !== undefined) throw final;
      // An attempt that the deadline cut off says nothing new.
      if (nowMs() < deadlineMs) lasting = ifLasting(error);
      if (nowMs() + retryDelayMs >= deadlineMs) {
        if (lasting !== undefined) throw lasting;
        throw timeUpError(sockets.sightings, { ...connection, timeoutMs, worked: haveWorked(connection) });
      }
    }
    await sleepUntil(nowMs() + retryDelayMs, sockets.closed);
  }
}

/** Undefined for trouble with the brokers, of which their sockets say more. */
function ifLasting(error: unknown): ClusterError | undefined {
  if (error instanceof PassingError) return error.ifLasting;
  return isFault(error) ? toClusterError(error) : undefined;
}

/** A bug of this program or of kafkajs; must never be reported as unreachable brokers. */
export function isFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
