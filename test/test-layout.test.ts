import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { matchesGlob } from 'node:path/posix';
import { expect, test } from 'vitest';
import { projects } from './support/projects.ts';

/** Test files and folders that are named for a topic, because it spans several files of `src/`. */
const topics: Readonly<Record<string, string>> = {
  'test/broker/': 'whole features on real brokers',
  'test/browser/': 'the HTML page and SVG files in Chromium',
  'test/bench/': 'the programs of bench/',
  'test/setup/': 'the programs of setup/',
  'test/package/': 'the files that npm run package makes',
  'test/pipelines/': 'action.yml, templates/ and the Dockerfile',
  'test/simulation/': 'members and supervisor without threads',
  'test/crash/': 'writers that end at every point of a commit',
  'test/language/': 'the language of the project',
  'test/support/': 'what tests share',
  'test/lint/': "the linter's own rules",
  'test/architecture.test.ts': 'rules for all files',
  'test/ci-commands.test.ts': 'what CI runs',
  'test/documents.test.ts': 'the documents',
  'test/rooms.test.ts': 'the rooms of src/ and the imports between them',
  'test/test-layout.test.ts': 'the tests',
  'test/commands/help.test.ts': 'the command line as a whole',
  'test/commands/interrupted-start.long.test.ts': 'the command line as a whole',
  'test/commands/named-flags.test.ts': 'the command line as a whole',
  'test/commands/options-doc.test.ts': 'the command line as a whole',
  'test/commands/renamed-options.test.ts': 'the command line as a whole',
  'test/commands/standard-streams.long.test.ts': 'the command line as a whole',
  'test/commands/usage-errors.test.ts': 'the command line as a whole',
  'test/kafka/both-clients.test.ts': 'the same properties for both clients',
  'test/kafka/kafkajs/timers.test.ts': 'the patch of kafkajs',
  'test/kafka/native/consumer-group.mock.test.ts': 'several consumers of one group',
  'test/kafka/native/consumer-destroyed.mock.test.ts': "what the client's patch changes",
  'test/kafka/native/coordinator-request.mock.test.ts': "what the client's patch changes",
  'test/kafka/native/leaderless-partition.test.ts': "what the client's patch changes",
  'test/kafka/native/record-batch.test.ts': "what the client's patch changes",
  'test/kafka/native/record-batches.mock.test.ts': "what the client's patch changes",
  'test/kafka/native/record-batch-writer.test.ts': "what the client's patch changes",
  'test/kafka/native/threads.mock.test.ts': 'the client in threads that are terminated',
  'test/kafka/native/whole-batches.test.ts': "what the client's patch changes",
  'test/results/compare/false-alarms.long.test.ts': 'how often all comparisons together are wrong',
};

const testFiles = globSync('test/**/*.test.ts').sort();
const importPattern = /^(?:import|export)\s(?<names>[^'"]*?)\sfrom '(?<from>\.[^']*)'/gms;

interface Import {
  /** Relative to the checkout. */
  readonly file: string;
  readonly names: string;
}

function importsOf(file: string): Import[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(importPattern), ({ groups }) => ({
    file: join(dirname(file), groups?.['from'] ?? ''),
    names: groups?.['names'] ?? '',
  })).filter(({ names }) => !names.startsWith('type '));
}

/** A file and all files of `test/` that it imports, directly or through others. */
function withTestFiles(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const imported of importsOf(file)) {
    if (imported.file.startsWith('test/')) withTestFiles(imported.file, found);
  }
  return found;
}

function projectsOf(file: string): string[] {
  const matches = (patterns: readonly string[]): boolean => patterns.some((pattern) => matchesGlob(file, pattern));
  return projects.filter(({ include, exclude = [] }) => matches(include) && !matches(exclude)).map(({ name }) => name);
}

test('every test file belongs to one project', () => {
  expect(testFiles.length).toBeGreaterThan(150);
  expect(testFiles.filter((file) => projectsOf(file).length !== 1)).toEqual([]);
});

/** Functions that start brokers, a mock cluster, a browser, or a command that may do so. */
const starters = [
  ...['startManagedBrokers', 'withBrokers', 'sharedBrokers', 'withStockBroker', 'stockBrokerOfFile'],
  ...['withSecuredBroker', 'startMockCluster', 'resolveBrokers'],
  ...['startCli', 'runCli', 'succeeds', 'benchProcess', 'ReportBrowser'],
];

/** Unit tests that import a starter but start nothing. */
const startNothing = new Set(['test/brokers/resolve.test.ts: resolveBrokers']);

test('a unit test imports no function that starts a broker, a mock cluster or a browser', () => {
  const unitFiles = testFiles.filter((file) => projectsOf(file).includes('unit'));
  const found = unitFiles.flatMap((file) => {
    const names = [...withTestFiles(file)].flatMap((used) => importsOf(used).flatMap((imported) => imported.names));
    return starters
      .filter((starter) => names.some((text) => new RegExp(`\\b${starter}\\b`).test(text)))
      .map((starter) => `${file}: ${starter}`);
  });
  expect(found.filter((finding) => !startNothing.has(finding))).toEqual([]);
  expect(found.length).toBe(startNothing.size);
});

test('the check follows the imports of a test through the files of test/', () => {
  const file = 'test/broker/static-membership.test.ts';
  expect([...withTestFiles(file)]).toContain('test/support/brokers.ts');
  expect(importsOf(file).find(({ file: from }) => from === 'test/support/brokers.ts')?.names).toContain(
    'sharedBrokers',
  );
});

/** `src/room/NAME` for a test `test/room/NAME.test.ts`; in a room the file may be in a folder. */
function isNamedForSource(file: string): boolean {
  const [, room = '', name = ''] =
    /^test\/(?:([^/]+)\/)?(?:.*\/)?([^/]+?)(?:\.mock|\.long)?\.test\.ts$/.exec(file) ?? [];
  const rest = room === '' ? name : `${room}/**/${name}`;
  return globSync([`src/${rest}.ts`, `src/${rest}`]).length > 0;
}

test('test/ mirrors src/: a test file is named for a file of src/, or for a listed topic', () => {
  const isTopic = (file: string): boolean => Object.keys(topics).some((topic) => file.startsWith(topic));
  expect(testFiles.filter((file) => !isTopic(file) && !isNamedForSource(file))).toEqual([]);
  expect(Object.keys(topics).filter((topic) => !testFiles.some((file) => file.startsWith(topic)))).toEqual([]);
});
