import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';

export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the component's maker declares it. */
  readonly license: string;
  /** Paths of its license files. */
  readonly files: readonly string[];
}

/** The parts of a package.json that matter here; old packages have a list of licenses. */
const PackageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.unknown(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** Written by setup/package beside the texts of components that are not npm packages. */
const ListSchema = z.array(
  z.object({ name: z.string(), version: z.string(), license: z.string(), folder: z.string() }),
);

const licenseFile = /^(licen[cs]es?|copying|notice)([.-].*)?$/i;

export interface ComponentFolders {
  readonly program: string;
  /** Has node_modules with the program's packages: the program's folder, or one above it. */
  readonly top: string;
  /** License texts of other components; it may be missing. */
  readonly licenses: string;
}

/** The program, its npm packages as Node finds them, and the components listed in `licenses`. */
export function containedComponents({ program, top, licenses }: ComponentFolders): readonly Component[] {
  const packages = new Map<string, Component>();
  addPackage(program, resolve(top), packages);
  const list = join(licenses, 'components.json');
  if (!existsSync(list)) return [...packages.values()];
  const others = ListSchema.parse(JSON.parse(readFileSync(list, 'utf8'))).map(({ folder, ...component }) => ({
    ...component,
    files: allFiles(join(licenses, folder)),
  }));
  return [...packages.values(), ...others];
}

/** Each different text with the files that contain it, in the order of the components. */
export function licenseTexts(components: readonly Component[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const { name, version, files } of components) {
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const label = `${name} ${version}: ${basename(file)}`;
      texts.set(text, [...(texts.get(text) ?? []), label]);
    }
  }
  return texts;
}

function addPackage(folder: string, top: string, found: Map<string, Component>): void {
  if (found.has(folder)) return;
  const own = PackageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenseFile.test(entry.name))
    .map(({ name }) => join(folder, name));
  found.set(folder, {
    name: own.name,
    version: own.version,
    license: typeof own.license === 'string' ? own.license : 'see its files',
    files,
  });
  for (const name of Object.keys(own.dependencies)) {
    const place = packageFolder(folder, name, top);
    // The single file leaves out packages that only the set-up uses.
    if (place !== undefined) addPackage(place, top, found);
  }
}

/** Where Node finds a package: in the nearest node_modules of the folder or one above it, up to `top`. */
function packageFolder(from: string, name: string, top: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
    if (folder === top || folder === dirname(folder)) return undefined;
  }
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
