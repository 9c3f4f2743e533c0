import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

/** Commands of the program in a text, without what a YAML list or a shell puts around them. */
function commandsIn(file: string): Set<string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const commands = lines.flatMap(
    (line) => /^\s*(?:- (?:run: )?)?(setup\/run dist\/cli\.js .*?)(?: \|\| .*)?$/.exec(line)?.[1] ?? [],
  );
  return new Set(commands);
}

test('the workflows of docs/ci.md run the same commands as CI of this project', () => {
  const documented = commandsIn('docs/ci.md');
  expect([...documented].sort()).toEqual([...commandsIn('.ci/bench')].sort());
  expect(documented.size).toBe(3);
});

interface Workflow {
  readonly jobs: { readonly ci: { readonly 'runs-on': string; readonly steps: readonly Step[] } };
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

test("the project's own workflow runs .ci/run, on the pinned Node and the least Java", () => {
  const { jobs } = parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as Workflow;
  const { steps } = jobs.ci;
  expect(jobs.ci['runs-on']).toMatch(/^ubuntu-/);
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['bash .ci/run']);
  const settings = (action: string): Step['with'] => steps.find(({ uses }) => uses?.startsWith(`${action}@`))?.with;
  expect(settings('actions/setup-node')).toEqual({ 'node-version-file': '.nvmrc' });
  expect(settings('actions/setup-java')).toMatchObject({ 'java-version': 17 });
  expect(settings('actions/cache')).toMatchObject({ path: '.cache' });
});
