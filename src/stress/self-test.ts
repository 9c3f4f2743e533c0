import { buildAmplified } from '../mutants/build-mutant.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { parseChoice, parseChoices } from '../config/units.ts';
import { allFaultKinds } from '../faults/kinds.ts';
import { protocolNames } from './run-plan.ts';
import { runSchedule, type Storm } from './self-test-schedule.ts';
import type { SelfTestResult } from './summary.ts';

/** What became of one broken program. */
export type MutantResult = SelfTestResult['mutants'][number];

export interface SelfTestOptions {
  readonly mutants: readonly Mutant[];
  /** Of each program's first schedule. */
  readonly seed: number;
  /** Schedules until a mutant counts as one that survived. */
  readonly schedulesMax: number;
  /** Brokers that all programs share: none of the faults that break brokers then. */
  readonly bootstrapServers: string;
  /** More flags for the connection of each program. */
  readonly clientFlags: readonly string[];
  readonly signal: AbortSignal;
  /** For those of the right program in which something was found. */
  readonly historyFolder: string;
  /** @param found - by the control's last schedule: nothing, if all is well */
  readonly onControl: (storm: Storm, found: readonly string[]) => void;
  /** @param found - in its last schedule, and whatever was found before by checks that do not judge it */
  readonly onResult: (result: MutantResult, mutant: Mutant, found: readonly string[]) => void;
}

/** More at once would only take the processors from each other. */
const atOnce = 2;

/**
 * Lets `stress` loose on programs that are broken on purpose, each until a check catches it that judges what it does wrong.
 * Before that the right program, with the same amplifiers, has to pass under the same storms, or a catch would say nothing.
 */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestResult> {
  const found = await control(options);
  const mutants: MutantResult[] = [];
  await inParallel(options.mutants, options.signal, async (mutant) => {
    const { result, lines } = await tryMutant(mutant, options);
    // What was broken off says nothing.
    if (options.signal.aborted) return;
    mutants.push(result);
    options.onResult(result, mutant, lines);
  });
  return { control: found, mutants };
}

/** Every storm that any of the mutants goes through, and the mixture under each protocol. */
export function controlStorms(mutants: readonly Mutant[]): Storm[] {
  const storms = mutants.filter(({ faults, runs }) => faults !== undefined || runs !== undefined).map(stormOf);
  const mixtures = protocolNames.map((protocol): Storm => ({ faults: undefined, protocol, runs: undefined }));
  return [...new Map([...mixtures, ...storms].map((storm) => [JSON.stringify(storm), storm])).values()];
}

async function control(options: SelfTestOptions): Promise<SelfTestResult['control']> {
  const { seed, signal } = options;
  const storms = controlStorms(options.mutants);
  const all: string[] = [];
  let schedules = 0;
  const { cliFile, dispose } = await buildAmplified(undefined);
  try {
    await inParallel([...storms.entries()], signal, async ([index, storm]) => {
      const own = seed + index;
      const { found } = await runSchedule(cliFile, storm, { ...options, seed: own });
      if (signal.aborted) return;
      schedules += 1;
      options.onControl(storm, found);
      for (const line of found) all.push(`${storm.faults?.join(',') ?? 'mixture'}, seed ${own}: ${line}`);
    });
  } finally {
    await dispose();
  }
  return { schedules, found: all };
}

async function tryMutant(
  mutant: Mutant,
  options: SelfTestOptions,
): Promise<{ readonly result: MutantResult; readonly lines: readonly string[] }> {
  const { seed, schedulesMax, bootstrapServers, clientFlags, signal } = options;
  const { name, judges } = mutant;
  const lines: string[] = [];
  const { cliFile, dispose } = await buildAmplified(mutant);
  try {
    for (let schedules = 1; schedules <= schedulesMax && !signal.aborted; schedules += 1) {
      const own = seed + schedules - 1;
      const how = { seed: own, bootstrapServers, clientFlags, signal };
      const { checks, found } = await runSchedule(cliFile, stormOf(mutant), how);
      for (const line of found) lines.push(`seed ${own}: ${line}`);
      const judging = checks.filter((id) => judges.includes(id));
      if (judging.length > 0) return { result: { name, caughtBy: judging.join(' '), schedules }, lines };
    }
    return { result: { name, caughtBy: null, schedules: schedulesMax }, lines };
  } finally {
    await dispose();
  }
}

/** @throws WordcountError usage when the mutant names a fault or a protocol that there is not */
export function stormOf({ faults, protocol, runs }: Mutant): Storm {
  return {
    faults: faults === undefined ? undefined : parseChoices('faults', faults.join(','), allFaultKinds),
    protocol: protocol === undefined ? undefined : parseChoice('protocol', protocol, protocolNames),
    runs,
  };
}

async function inParallel<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined && !signal.aborted; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
