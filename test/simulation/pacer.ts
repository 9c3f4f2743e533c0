import { setImmediate as yieldToEvents } from 'node:timers/promises';

export interface PacerOptions {
  readonly signal?: AbortSignal;
  /** Receives a progress line from time to time. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Goes through steps to their end, or to the interrupt.
 * @param what - in progress lines; the last step's number comes before it
 * @returns the last step
 */
export type Pace = <Value>(what: string, steps: Iterable<Value>) => Promise<Value | undefined>;

/** Between two turns of the event loop, so that an interrupt gets through. */
const sliceMs = 50;
const progressMs = 5_000;

export function pacer({ signal, onProgress }: PacerOptions): Pace {
  let reportedMs = performance.now();
  return async <Value>(what: string, steps: Iterable<Value>): Promise<Value | undefined> => {
    let last: Value | undefined;
    let sliceEndMs = performance.now() + sliceMs;
    for (const step of steps) {
      last = step;
      if (performance.now() < sliceEndMs) continue;
      await yieldToEvents();
      if (signal?.aborted === true) break;
      sliceEndMs = performance.now() + sliceMs;
      if (performance.now() - reportedMs < progressMs) continue;
      reportedMs = performance.now();
      onProgress?.(`${typeof last === 'number' ? `${last.toLocaleString('en-US')} ` : ''}${what}`);
    }
    return last;
  };
}
