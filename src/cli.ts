#!/usr/bin/env node
import { lstatSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** Relative to dist/ and to src/ alike. */
const cacheFolder = join(import.meta.dirname, '..', '.cache');

// Compiled modules are kept beside the program that they belong to. Node.js ignores a folder that it
// cannot write to. Temporary copies of the program, such as those for `ab`, link to the original's
// folder; their modules would fill it.
if (lstatSync(cacheFolder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) {
  enableCompileCache(join(cacheFolder, 'compiled'));
}
// A static import would be compiled before the cache is enabled.
void import('./main.ts');
