import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Commands of the program in a text, without what a YAML list or a shell puts around them. */
function commandsIn(file: string): Set<string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const commands = lines.flatMap(
    (line) => /^\s*(?:- (?:run: )?)?(setup\/run dist\/cli\.js .*?)(?: \|\| .*)?$/.exec(line)?.[1] ?? [],
  );
  return new Set(commands);
}

test('the workflows of docs/ci.md run what CI of this project runs, command by command', () => {
  const documented = commandsIn('docs/ci.md');
  expect([...documented].sort()).toEqual([...commandsIn('.ci/bench')].sort());
  expect(documented.size).toBe(3);
});
