import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { SelfTestReport } from './self-test.ts';

const main = new URL('main.ts', import.meta.url).pathname;

/** In a separate process, because each mutant loads its own copy of the program. */
test('every mutant is caught, and few schedules are enough', { timeout: 1_200_000 }, async () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  console.log(`npm run sim -- --self-test --seed ${seed}`);
  // Up to 6,998 schedules were needed; each mutant's end at the first catch, so that the limit costs only who is unlucky.
  const flags = ['--self-test', '--seed', `${seed}`, '--schedules', '100000', '--json', '-'];
  // Ends with the test, and leaves the processor to the next ones.
  const limit = { timeout: 1_100_000, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...flags], limit);
  const { mutants } = JSON.parse(stdout) as SelfTestReport;
  console.log(mutants.map(({ name, caughtBy, schedules }) => `${name} ${caughtBy ?? '-'} ${schedules}`).join('\n'));
  expect(mutants.length).toBeGreaterThan(30);
  const counts = mutants.map(({ schedules }) => schedules).sort((left, right) => left - right);
  expect(counts[Math.floor(counts.length / 2)]).toBeLessThan(50);
});
