import type { Connection } from '../../config/connection.ts';
import { withoutSecrets } from '../../secrets.ts';

interface NativeLogLine {
  readonly severity: number;
  readonly fac: string;
  readonly message: string;
  readonly name: string;
}

/** Properties that request the client's log. */
const asking = ['debug', 'log_level', 'log.connection.close', 'log.thread.name'] as const;

/**
 * Writes the client's log to stderr when a client property requests it: one line per entry, without
 * secrets.
 */
export function writeClientLog(connection: Connection, data: unknown): void {
  if (!asking.some((name) => name in connection.properties)) return;
  const { severity, fac, message, name } = data as NativeLogLine;
  const line = `%${severity}|${fac}|${name}| ${message.trimEnd().replace(/\s*\n\s*/g, ' / ')}`;
  process.stderr.write(`${withoutSecrets(line)}\n`);
}
