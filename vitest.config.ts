import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The last of them is taken down first.
    globalSetup: ['test/support/temporary-folder-setup.ts', 'test/support/shared-brokers-setup.ts'],
    // Processes, not threads: the native client, real brokers and worker threads of our own need a process of their own.
    pool: 'forks',
    maxWorkers: 2,
    // Beyond what any takes on a machine three times as slow: it ends what hangs, and judges no speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
