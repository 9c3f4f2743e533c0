import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this program. Its package file is two folders above dist/config and src/config. */
export function programVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
