import type { Connection } from '../../config/connection.ts';

const worked = new Set<string>();

type Settings = Pick<Connection, 'bootstrapServers' | 'properties'>;

/** Brokers have answered a request on a connection with these settings, signed in if they ask for it. */
export function settingsWorked(settings: Settings): void {
  worked.add(keyOf(settings));
}

/** Whether `settingsWorked` was called in this thread. A later error is not about these settings. */
export function haveWorked(settings: Settings): boolean {
  return worked.has(keyOf(settings));
}

function keyOf({ bootstrapServers, properties }: Settings): string {
  return JSON.stringify([bootstrapServers, properties]);
}
