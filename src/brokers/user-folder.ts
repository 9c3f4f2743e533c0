import assert from 'node:assert';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from '../errors.ts';

/**
 * Uses the uid instead of userInfo(), which throws for users without an entry in the password file,
 * as in many containers.
 */
function userId(): number {
  assert(process.getuid !== undefined, 'this program requires a POSIX system');
  return process.getuid();
}

/**
 * Folder for this user's managed brokers, created if missing and not accessible to other users.
 * @throws ClusterError environment, when another user created it
 */
export async function userFolder(): Promise<string> {
  const uid = userId();
  const folder = join(tmpdir(), `consumer-cluster-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new ClusterError('environment', `${folder} belongs to another user`, {
      hint: 'set TMPDIR to a folder of your own',
    });
  }
  await chmod(folder, 0o700);
  return folder;
}
