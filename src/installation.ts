import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds dist/ and everything else that the program reads. */
const folder = join(import.meta.dirname, '..');

interface InstallationKind {
  readonly name: string;
  /** A file that only this kind has. */
  readonly sign: string;
  /** Whether setup/main.js is there to install what is missing. */
  readonly hasSetup: boolean;
  /** The packages are in node_modules of this folder, or of one between it and the program. */
  readonly packagesTop: string;
  /** Instruction for files that are missing. */
  readonly repair: string;
}

const kinds = [
  {
    name: 'single file',
    sign: 'installation.json',
    hasSetup: false,
    packagesTop: folder,
    repair: `delete ${folder}; the next start unpacks the program again`,
  },
  {
    name: 'clone',
    sign: 'package-lock.json',
    hasSetup: true,
    packagesTop: folder,
    repair: 'run node setup/main.js, which installs what it can',
  },
  {
    name: 'npm package',
    sign: 'package.json',
    hasSetup: false,
    packagesTop: '/',
    repair: 'install the npm package again',
  },
] as const satisfies readonly InstallationKind[];

const kind = kinds.find(({ sign }) => existsSync(join(folder, sign))) ?? kinds[2];

/**
 * Where this program's files are. All kinds of installation have the same folders below
 * `folder`; the single file unpacks them to the user's cache folder.
 */
export const installation = {
  kind: kind.name,
  folder,
  packagesTop: kind.packagesTop,
  repair: kind.repair,
  /** What setup/package wrote into the single file; undefined for other kinds. */
  factsFile: kind.name === 'single file' ? join(folder, kind.sign) : undefined,
  setupFile: kind.hasSetup ? join(folder, 'setup', 'main.js') : undefined,
  scenarios: join(folder, 'scenarios'),
  kafkaVersions: join(folder, 'setup', 'kafka', 'versions.json'),
  /** Texts of licenses of everything but the npm packages; only the single file contains it. */
  licenses: join(folder, 'licenses'),
  kafkaManifest: (version: string): string => join(folder, '.cache', `kafka-${version}.json`),
} as const;
