import assert from 'node:assert';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WordcountError } from '../errors.ts';

/** Not userInfo(): it throws for a user without an entry in the password file, as in many containers. */
function userId(): number {
  assert(process.getuid !== undefined, 'this program requires a POSIX system');
  return process.getuid();
}

/**
 * The folder of this user's managed brokers, made when it is not there; nobody else can look into it.
 * @throws WordcountError environment, when another user has made it
 */
export async function userFolder(): Promise<string> {
  const uid = userId();
  const folder = join(tmpdir(), `consumer-cluster-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new WordcountError('environment', `${folder} belongs to another user`, {
      hint: 'set TMPDIR to a folder of your own',
    });
  }
  await chmod(folder, 0o700);
  return folder;
}
