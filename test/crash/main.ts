/** The crash test: `npm run test:crash -- --help`. */
import { Command } from 'commander';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { writeNow } from '../../src/output/write-now.ts';
import { runTool } from '../support/run-tool.ts';
import { commitPhases } from './commit-phase.ts';
import { runCrashes, type CrashReport } from './run-crashes.ts';

interface CrashFlags {
  readonly terminations: number;
  readonly seed?: number;
  readonly json?: string;
}

const command = new Command('test:crash')
  .description(
    'Real threads write a table and are terminated inside the commit, between the seal of the journal and the end of the batch; ' +
      'each time the table is recovered, every word is compared with a Map, and the next thread continues.',
  )
  .option(
    '--terminations <count>',
    'inside the commit; those that miss it come on top',
    countOf('--terminations', 1, 1e9),
    2_000,
  )
  .option('--seed <number>', 'of records and times; drawn by default', countOf('--seed', 0, 2 ** 32 - 1))
  .option('--json <file>', 'write the report; - is stdout, without the text');

function text({ seed, terminations, inside, phases, replayed, records, seconds, partial }: CrashReport): string {
  return [
    `0 wrong counts${partial ? ' (interrupted)' : ''}: ${terminations} terminations of seed ${seed}, ${inside} of them inside the commit`,
    ...commitPhases.map((phase) => `  ${phase.padEnd(20)} ${String(phases[phase]).padStart(6)}`),
    `${replayed} journals replayed; ${records} records; ${seconds.toFixed(1)} s, ${(terminations / seconds).toFixed(1)} terminations/s`,
  ].join('\n');
}

await runTool(command, async (signal) => {
  const { terminations, seed = Date.now() % 2 ** 32, json } = command.opts<CrashFlags>();
  const context = createContext({ signal, killSignal: signal, quiet: () => false });
  const onProgress = (line: string): void => {
    context.log(line);
  };
  context.log(`npm run test:crash -- --terminations ${terminations} --seed ${seed}`);
  const report = await runCrashes({ terminations, seed, signal, onProgress });
  if (json !== '-') context.result(text(report));
  if (json !== undefined) await writeNow(json, `${JSON.stringify(report, undefined, 2)}\n`, context);
});
