import { chmodSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

/** The Node that the copies believe they run on when PATH begins with `oldNode`. */
export const oldVersion = '20.20.2';

export interface CopiedSetup {
  readonly root: string;
  /** A folder whose `node` is this Node and says that it is an old one. */
  readonly oldNode: string;
  /** The environment with these folders first in PATH. */
  withPath(...folders: readonly string[]): NodeJS.ProcessEnv;
  /** Writes a program, and returns the folder that PATH needs. */
  program(name: string, shellScript: string): string;
}

/**
 * A separate checkout with the project's set-up, and nothing done in it.
 * @param folderName - its last component: paths may hold any character
 */
export function copySetup(folderName = 'checkout'): CopiedSetup {
  const home = mkdtempSync(join(tmpdir(), 'setup-'));
  const root = join(home, folderName);
  for (const name of ['setup', 'patches', 'package.json', 'package-lock.json', '.nvmrc', 'tsconfig.json']) {
    cpSync(join(project, name), join(root, name), { recursive: true });
  }
  mkdirSync(join(root, 'src'));
  const program = (name: string, shellScript: string): string => {
    const file = join(home, `bin-${name}`, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${shellScript}\n`);
    chmodSync(file, 0o755);
    return dirname(file);
  };
  const versions = `{...process.versions,node:'${oldVersion}'}`;
  const disguise = `data:text/javascript,Object.defineProperty(process,'versions',{value:${versions}})`;
  return {
    root,
    program,
    oldNode: program(
      'node',
      `[ "$1" != --version ] || { echo v${oldVersion}; exit; }
       exec '${process.execPath}' --import "${disguise}" "$@"`,
    ),
    withPath: (...folders) => ({ ...process.env, PATH: [...folders, process.env['PATH']].join(delimiter) }),
  };
}

/** Puts this Node where the fetched one belongs. @returns its path */
export function cacheThisNode(root: string, version: string): string {
  const folder = join(root, '.cache', `node-${version}`, 'bin');
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node'));
  return join(folder, 'node');
}
