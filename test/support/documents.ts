import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Made by `npm run compatibility`, in columns of its own. */
export const compatibilityPage = 'docs/compatibility.md';

/** The project's documents, relative to the checkout. */
export const documents: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .filter((name) => name !== compatibilityPage),
];
