#!/usr/bin/env node
import { lstatSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

/** Relative to dist/ and to src/ alike. */
const cacheFolder = join(import.meta.dirname, '..', '.cache');

// Each member's thread optimizes its own JavaScript. V8's background threads would have to wait for
// a processor meanwhile, because members leave none idle, and members would run slow code for
// longer (docs/results/scale.md). Before the cache, which depends on V8's options.
setFlagsFromString('--no-concurrent-recompilation');
// Compiled modules are kept beside the program that they belong to. Node.js ignores a folder that it
// cannot write to. Temporary copies of the program, such as those for `ab`, link to the original's
// folder; their modules would fill it.
if (lstatSync(cacheFolder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) {
  enableCompileCache(join(cacheFolder, 'compiled'));
}
// A static import would be compiled before the cache is enabled.
void import('./main.ts');
