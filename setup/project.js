import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. This file also runs on Node versions that the project does not support. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Everything that the set-up keeps, except node_modules and dist. */
export const cacheFolder = join(root, '.cache');
