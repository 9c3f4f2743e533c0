import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Written by `npm run compatibility`, with wider columns. */
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
