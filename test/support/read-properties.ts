import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { readClientProperties } from '../../src/config/client-properties.ts';
import { ClusterError } from '../../src/errors.ts';

/** A folder for one test file, removed after it. */
export const folder = mkdtempSync(join(tmpdir(), 'client-properties-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Client properties of a file with this text, and of `-X` entries. */
export async function read(text: string | undefined, ...entries: string[]): Promise<Readonly<Record<string, string>>> {
  const file = text === undefined ? undefined : join(folder, 'client.properties');
  if (file !== undefined) writeFileSync(file, text ?? '');
  return readClientProperties({ file, entries });
}

/** The error that such properties end in. */
export async function problemOf(text: string | undefined, ...entries: string[]): Promise<ClusterError> {
  try {
    await read(text, ...entries);
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error('no error');
}
