import type { TestProject } from 'vitest/node';
import { buildProgram } from '../../setup/steps.js';

/**
 * Vitest's global set-up: builds the program when its sources have changed. Worker threads and the
 * command line run `dist/`, so a test must never meet an older one.
 */
export async function setup(project: TestProject): Promise<void> {
  await build();
  project.onTestsRerun(build);
}

async function build(): Promise<void> {
  if ((await buildProgram()) !== 0) throw new Error('the program does not compile');
}
