import { once } from 'node:events';
import { watch } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { buildProgram } from '../../setup/steps.js';

/**
 * Vitest's global set-up: builds the program when its sources have changed. Worker threads and the
 * command line run `dist/`, so a test must never meet an older one.
 */
export async function setup(project: TestProject): Promise<void> {
  if ((await buildProgram()) !== 0) throw new Error('the program does not compile');
  project.onTestsRerun(buildWhenItCompiles);
}

/** In watch mode, tests wait until the sources compile again. */
async function buildWhenItCompiles(): Promise<void> {
  for (;;) {
    // Watched first, so that a change during the build is not missed.
    const watcher = watch('src', { recursive: true });
    try {
      const changed = once(watcher, 'change');
      if ((await buildProgram()) === 0) return;
      await changed;
    } finally {
      watcher.close();
    }
  }
}
