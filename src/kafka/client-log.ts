import type { Connection } from '../config/connection.ts';

interface NativeLogLine {
  readonly severity: number;
  readonly fac: string;
  readonly message: string;
  readonly name: string;
}

/** The client's own log goes to stderr where somebody asked for it, by the client property `debug`. */
export function writeClientLog(connection: Connection, data: unknown): void {
  if (connection.properties['debug'] === undefined) return;
  const { severity, fac, message, name } = data as NativeLogLine;
  process.stderr.write(`%${severity}|${fac}|${name}| ${message}\n`);
}
