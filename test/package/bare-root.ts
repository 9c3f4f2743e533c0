import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { spawnForTest, type CliOutcome } from '../support/spawned.ts';

const packages = join(import.meta.dirname, '..', '..', 'packages');

/** The single file that `npm run package` has made. */
export function singleFile(): string {
  const name = readdirSync(packages).find((entry) => /^consumer-cluster-linux-(x64|arm64)$/.test(entry));
  if (name === undefined) throw new Error('packages/ has no single file: run npm run package first');
  return join(packages, name);
}

const program = '/usr/bin/consumer-cluster';
const devices = ['null', 'zero', 'random', 'urandom', 'tty'];
/** Parts of the C library, in glibc's names; older versions of glibc have more of them. */
const libraries = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'libresolv.so.2', 'librt.so.1'];
const platforms = {
  x64: { libraries: '/lib/x86_64-linux-gnu', loader: '/lib64/ld-linux-x86-64.so.2' },
  arm64: { libraries: '/lib/aarch64-linux-gnu', loader: '/lib/ld-linux-aarch64.so.1' },
};

/** The loopback interface of a new network namespace is down; 0x8914 is SIOCSIFFLAGS, 0x49 includes IFF_UP. */
const loopbackUp =
  "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x49))";
/** Arguments: see `start`. The namespaces end, with all their processes, with the first process. */
const enter = `
set -e
root=$0; user=$1; mounts=$2; file=$3; loopback=$4; shift 4
python3 -c "$loopback"
for device in ${devices.join(' ')}; do mount --bind /dev/$device "$root/dev/$device"; done
mount -t proc proc "$root/proc"
mount --bind "$file" "$root${program}"
eval "$mounts"
exec chroot --userspec="$user:$user" "$root" /bin/sh -c 'cd /tmp && exec "$@"' sh "$@"
`;

export interface BareOptions {
  /** Default 0, the super-user. */
  readonly user?: number;
  /** The whole environment besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shell commands that mount something below $root. */
  readonly mounts?: string;
}

/**
 * A root file system with the C library, a shell and the single file, and without a network.
 * Programs in it see only their own processes. Needs the super-user.
 */
export class BareRoot {
  readonly folder = mkdtempSync(join(tmpdir(), 'bare-root-'));

  constructor() {
    onTestFinished(() => {
      rmSync(this.folder, { recursive: true, force: true });
    });
    const platform = platforms[process.arch as keyof typeof platforms];
    const at = (path: string): string => join(this.folder, path);
    for (const name of [
      'bin',
      'dev',
      'etc',
      'proc',
      'root',
      'usr/bin',
      platform.libraries,
      join(platform.loader, '..'),
    ]) {
      mkdirSync(at(name), { recursive: true });
    }
    mkdirSync(at('tmp'));
    copyFileSync('/bin/dash', at('bin/sh'));
    copyFileSync(platform.loader, at(platform.loader));
    for (const name of libraries) copyFileSync(join(platform.libraries, name), at(join(platform.libraries, name)));
    for (const device of devices) writeFileSync(at(join('dev', device)), '');
    writeFileSync(at('etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
    writeFileSync(at(program), '');
    // The umask may have removed permissions that other users need.
    for (const name of ['', 'bin', 'usr', 'usr/bin', 'root', 'proc']) chmodSync(at(name), 0o755);
    chmodSync(at('tmp'), 0o1777);
  }

  /** Starts the single file, in the folder for temporary files. */
  start(args: readonly string[], options: BareOptions = {}): ChildProcessWithoutNullStreams {
    const { user = 0, env = { HOME: '/root' }, mounts = '' } = options;
    const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child'];
    const places = [this.folder, String(user), mounts, singleFile(), loopbackUp];
    const command = ['sh', '-c', enter, ...places, program, ...args];
    return spawnForTest('unshare', [...namespaces, ...command], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    });
  }

  /** Runs the single file to its end. */
  async run(args: readonly string[], options: BareOptions = {}): Promise<CliOutcome> {
    const child = this.start(args, options);
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }
}
