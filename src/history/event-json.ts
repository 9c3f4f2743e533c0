import { ClusterError } from '../errors.ts';
import type { HistoryEvent } from './event.ts';

/** The first line of a history file. */
export interface HistoryHeader {
  readonly format: 'consumer-cluster-history';
  readonly version: 1;
  /** Settings of the run, so that it can be repeated. */
  readonly settings: unknown;
}

/** @returns one line, without the line feed; a digest becomes 16 hexadecimal digits */
export function encodeEvent(event: HistoryEvent): string {
  if (!('digest' in event)) return JSON.stringify(event);
  return JSON.stringify({ ...event, digest: event.digest.toString(16).padStart(16, '0') });
}

/** @throws ClusterError input when the line is not an event */
export function decodeEvent(line: string, where: string): HistoryEvent {
  const value = parsed(line, where);
  if (typeof value['type'] !== 'string' || typeof value['ticket'] !== 'number') {
    throw new ClusterError('input', `${where}: not a history event`);
  }
  const { digest } = value;
  if (typeof digest !== 'string') return value as unknown as HistoryEvent;
  if (!/^[0-9a-f]{16}$/.test(digest)) throw new ClusterError('input', `${where}: '${digest}' is not a digest`);
  return { ...value, digest: BigInt(`0x${digest}`) } as unknown as HistoryEvent;
}

/** @throws ClusterError input when the line is not the first of a history */
export function decodeHeader(line: string, where: string): HistoryHeader {
  const header = parsed(line, where) as unknown as HistoryHeader;
  if ((header.format as string) !== 'consumer-cluster-history') {
    throw new ClusterError('input', `${where}: not the header of a recorded history`);
  }
  if ((header.version as number) !== 1) {
    throw new ClusterError('input', `${where}: unknown history version ${header.version}`);
  }
  return header;
}

function parsed(line: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ClusterError('input', `${where}: not JSON`, { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw new ClusterError('input', `${where}: not an object`);
  return value as Record<string, unknown>;
}
