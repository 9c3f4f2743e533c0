interface Project {
  readonly name: 'unit' | 'long' | 'mock' | 'broker' | 'browser' | 'package';
  readonly include: string[];
  readonly exclude?: string[];
  readonly globalSetup?: string[];
}

const special: readonly Project[] = [
  { name: 'long', include: ['test/{setup,simulation,crash}/**/*.test.ts', 'test/**/*.long.test.ts'] },
  { name: 'mock', include: ['test/**/*.mock.test.ts'] },
  {
    name: 'broker',
    include: ['test/broker/**/*.test.ts'],
    globalSetup: ['test/support/shared-brokers-setup.ts'],
  },
  { name: 'browser', include: ['test/browser/**/*.test.ts'] },
  { name: 'package', include: ['test/package/**/*.test.ts'] },
];

/**
 * Vitest's projects. The path of a test file decides which one it belongs to: `test/broker/` needs
 * real brokers, `test/browser/` needs Chromium, `*.mock.test.ts` starts librdkafka's mock cluster,
 * and those of `long` need none of them but minutes: `*.long.test.ts`, and the folders with
 * compilers, simulations and crashes. Every other test is a unit test, which needs nothing and is
 * quick. The tests of `package` need the files that `npm run package` makes, and run only with
 * `npm run test:package`.
 */
export const projects: readonly Project[] = [
  { name: 'unit', include: ['test/**/*.test.ts'], exclude: special.flatMap(({ include }) => include) },
  ...special,
];
