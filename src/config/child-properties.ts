import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderPropertiesFile } from './properties-file.ts';

/**
 * Passes client properties to processes of this program in a file that only this user can read:
 * every user of the machine can see the arguments of a process. The file is removed after `action`.
 * @param action - receives the flags for those processes, none without properties
 */
export async function withChildProperties<T>(
  properties: Readonly<Record<string, string>>,
  action: (flags: readonly string[]) => Promise<T>,
): Promise<T> {
  if (Object.keys(properties).length === 0) return action([]);
  const folder = await mkdtemp(join(tmpdir(), 'client-properties-'));
  try {
    const file = join(folder, 'client.properties');
    await writeFile(file, renderPropertiesFile(properties), { mode: 0o600 });
    return await action(['--command-config', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
