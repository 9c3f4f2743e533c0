import { defineConfig } from 'vitest/config';
import { projects } from './test/support/projects.ts';

/** `npm run test:package` */
const ofPackages = process.env['TEST_PACKAGES'] === '1';

export default defineConfig({
  test: {
    globalSetup: ['test/support/temporary-folder-setup.ts', 'test/support/build-setup.ts'],
    // Processes, not threads: the native client, real brokers and our own worker threads need a separate process.
    pool: 'forks',
    maxWorkers: 2,
    // More than a test takes on a machine three times as slow: these limits end what hangs, and judge no
    // speed. A test that needs more than 90 s has a longer one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: projects.filter(({ name }) => (name === 'package') === ofPackages).map((test) => ({ test })),
  },
});
