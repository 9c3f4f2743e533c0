import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ClusterError } from '../errors.ts';
import type { HistoryEvent } from './event.ts';
import { decodeEvent, decodeHeader, encodeEvent, type HistoryHeader } from './event-json.ts';

/** Where a history is written. */
export interface HistorySink {
  readonly path: string;
  /** @throws the system's error */
  write(text: string): void;
  /** @throws the system's error */
  close(): void;
}

/** Writes a history: a header, then one line per event, in the order of tickets. */
export class HistoryFile {
  readonly #sink: HistorySink;
  #lines: string[] = [];
  #failure: ClusterError | undefined;

  constructor(sink: HistorySink, settings: unknown) {
    this.#sink = sink;
    this.#lines.push(
      JSON.stringify({ format: 'consumer-cluster-history', version: 1, settings } satisfies HistoryHeader),
    );
  }

  /**
   * Why the file is incomplete: it ends at the first line that could not be written. The run
   * continues.
   */
  get failure(): ClusterError | undefined {
    return this.#failure;
  }

  add(event: HistoryEvent): void {
    if (this.#failure === undefined) this.#lines.push(encodeEvent(event));
  }

  flush(): void {
    if (this.#lines.length === 0 || this.#failure !== undefined) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    try {
      this.#sink.write(text);
    } catch (error) {
      this.#failure = this.#error(error);
    }
  }

  close(): void {
    this.flush();
    try {
      this.#sink.close();
    } catch (error) {
      this.#failure ??= this.#error(error);
    }
  }

  #error(cause: unknown): ClusterError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ClusterError('environment', `the history cannot be written to ${this.#sink.path}: ${reason}`, {
      cause,
    });
  }
}

/**
 * Reads a history file, however long, line by line.
 * @param onHeader - called once, before the first event
 * @throws ClusterError input with the number of the invalid line
 */
export async function* readHistory(
  path: string,
  onHeader: (header: HistoryHeader) => void = () => undefined,
): AsyncGenerator<HistoryEvent> {
  const input = createReadStream(path);
  const lines = createInterface({ input, crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      const where = `${path}, line ${number}`;
      if (number === 1) onHeader(decodeHeader(line, where));
      else yield decodeEvent(line, where);
    }
  } finally {
    // Closing the lines leaves the file open.
    input.destroy();
  }
}
