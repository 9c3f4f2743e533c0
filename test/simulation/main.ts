/** The deterministic simulation: `npm run sim -- --help`. */
import { Command } from 'commander';
import { createContext } from '../../src/commands/context.ts';
import { countOf } from '../../src/config/units.ts';
import { ClusterError } from '../../src/errors.ts';
import { writeNow } from '../../src/output/write-now.ts';
import { runTool } from '../support/run-tool.ts';
import { ownDurableProduct } from './durable/durable-product.ts';
import { runDurableSchedules } from './durable/run-durable.ts';
import { ownProduct } from './product.ts';
import { replay } from './replay.ts';
import { runSimulation } from './run-simulation.ts';
import { catchMutants } from './self-test.ts';
import { durableText, mutantsText, simulationText } from './simulation-text.ts';

interface SimFlags {
  readonly seed?: number;
  readonly schedules: number;
  readonly durableSchedules: number;
  readonly exhaustive: boolean;
  readonly replay?: string;
  readonly selfTest?: boolean;
  readonly json?: string;
}

const command = new Command('sim')
  .description(
    'Runs the program’s own lease, journal, tables, recovery, assignment and supervisor decisions over simulated memory and time: ' +
      'two or three members are stopped at any shared access, killed, stalled, fenced, given one partition at once, read meanwhile. ' +
      'Afterwards every word must be counted exactly once. Then processes share a durable group over simulated brokers, ' +
      'with the program’s own commits, restores and takeovers.',
  )
  .option('--seed <number>', 'of all schedules; without it one is drawn and printed', countOf('--seed', 0, 2 ** 32 - 1))
  .option('--schedules <count>', 'random schedules', countOf('--schedules', 0, 1e9), 100_000)
  .option(
    '--durable-schedules <count>',
    'random schedules of a durable group',
    countOf('--durable-schedules', 0, 1e9),
    2_000,
  )
  .option('--no-exhaustive', 'leave out what is enumerated: every crash point, all interleavings with two pre-emptions')
  .option(
    '--replay <seed:schedule>',
    'run one schedule and print each of its steps; durable:SEED:SCHEDULE for a durable group',
  )
  .option('--self-test', 'run every mutant that the simulation can see until it is caught')
  .option('--json <file>', 'write the report; - is stdout, without the text');

await runTool(command, async (signal) => {
  const flags = command.opts<SimFlags>();
  const context = createContext({ signal, killSignal: signal, quiet: () => false });
  const seed = flags.seed ?? Date.now() % 2 ** 32;
  const onProgress = (line: string): void => {
    context.log(line);
  };
  if (flags.replay !== undefined) {
    const isKept = replay(flags.replay, (line) => {
      context.result(line);
    });
    if (isKept) return;
    throw new ClusterError('verificationFailed', 'the schedule violates a property');
  }
  if (flags.selfTest === true) {
    const report = await catchMutants({ seed, schedulesMax: flags.schedules, signal, onProgress });
    if (flags.json !== '-') context.result(mutantsText(report));
    if (flags.json !== undefined) await writeNow(flags.json, `${JSON.stringify(report, undefined, 2)}\n`, context);
    const survivors = report.mutants.filter(({ caughtBy }) => caughtBy === undefined).map(({ name }) => name);
    if (survivors.length > 0) throw new ClusterError('verificationFailed', `not caught: ${survivors.join(', ')}`);
    return;
  }
  const { schedules, durableSchedules, exhaustive } = flags;
  const options = { seed, exhaustive, signal, onProgress };
  const report = await runSimulation({ ...options, product: ownProduct, schedules });
  if (flags.json !== '-') context.result(simulationText(report));
  const isOver = report.partial || report.violation !== undefined;
  const durable = isOver
    ? undefined
    : await runDurableSchedules({ ...options, product: ownDurableProduct, schedules: durableSchedules });
  if (durable !== undefined && flags.json !== '-') context.result(durableText(durable, seed));
  if (flags.json !== undefined) {
    await writeNow(flags.json, `${JSON.stringify({ ...report, durable }, undefined, 2)}\n`, context);
  }
  const violation = report.violation ?? durable?.violation;
  if (violation !== undefined) throw new ClusterError('verificationFailed', violation.message);
});
