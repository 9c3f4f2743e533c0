import { buildAmplified, buildForProcesses } from './mutants/build-mutant.ts';
import type { Mutant } from './mutants/mutant.ts';
import { protocolNames } from '../config/group-protocols.ts';
import { parseChoice, parseChoices } from '../config/units.ts';
import { allFaultKinds } from './faults/all-faults.ts';
import { runSchedule, type FaultMix } from './self-test-schedule.ts';
import type { SelfTestResult } from './summary.ts';

/** The result of one mutant. */
export type MutantResult = SelfTestResult['mutants'][number];

export interface SelfTestOptions {
  readonly mutants: readonly Mutant[];
  /** Seed of each program's first schedule. */
  readonly seed: number;
  /** Schedules after which an uncaught mutant has survived. */
  readonly schedulesMax: number;
  /** Brokers that all programs share, so no fault may break them. */
  readonly bootstrapServers: string;
  /** Further flags for the connection of each program. */
  readonly clientFlags: readonly string[];
  readonly signal: AbortSignal;
  /** Receives histories of the correct program with findings. */
  readonly historyFolder: string;
  /** @param found - the findings of one control schedule, none if all is well */
  readonly onControl: (mix: FaultMix, found: readonly string[]) => void;
  /** @param found - all findings of its schedules, also of checks that do not judge it */
  readonly onResult: (result: MutantResult, mutant: Mutant, found: readonly string[]) => void;
}

/** Programs at the same time: more would compete for the processors. */
const atOnce = 2;

/**
 * Runs `stress` with mutants, programs that are broken on purpose, each until a check that judges
 * its error catches it. Before that, the correct program with the same amplifiers has to pass under
 * the same fault mixes: otherwise a catch would prove nothing.
 */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestResult> {
  const found = await control(options);
  const mutants: MutantResult[] = [];
  await inParallel(options.mutants, options.signal, async (mutant) => {
    const { result, lines } = await tryMutant(mutant, options);
    // An interrupted schedule has no result.
    if (options.signal.aborted) return;
    mutants.push(result);
    options.onResult(result, mutant, lines);
  });
  return { control: found, mutants };
}

/** The fault mix of every mutant, and the seeded mixture under each protocol. */
export function controlMixes(mutants: readonly Mutant[]): FaultMix[] {
  const own = mutants.filter(({ faults, runs }) => faults !== undefined || runs !== undefined).map(mixOf);
  const mixtures = protocolNames.map((protocol): FaultMix => ({ faults: undefined, protocol, runs: undefined }));
  return [...new Map([...mixtures, ...own].map((mix) => [JSON.stringify(mix), mix])).values()];
}

async function control(options: SelfTestOptions): Promise<SelfTestResult['control']> {
  const { seed, signal } = options;
  const mixes = controlMixes(options.mutants);
  const all: string[] = [];
  let schedules = 0;
  const amplified = await buildAmplified(undefined);
  const plain = await buildForProcesses(undefined);
  try {
    await inParallel([...mixes.entries()], signal, async ([index, mix]) => {
      const own = seed + index;
      const { cliFile } = mix.processes === undefined ? amplified : plain;
      const { found } = await runSchedule(cliFile, mix, { ...options, seed: own });
      if (signal.aborted) return;
      schedules += 1;
      options.onControl(mix, found);
      for (const line of found) all.push(`${mixName(mix)}, seed ${own}: ${line}`);
    });
  } finally {
    await amplified.dispose();
    await plain.dispose();
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
  const build = mutant.processes === undefined ? buildAmplified : buildForProcesses;
  const { cliFile, dispose } = await build(mutant);
  try {
    for (let schedules = 1; schedules <= schedulesMax && !signal.aborted; schedules += 1) {
      const own = seed + schedules - 1;
      const how = { seed: own, bootstrapServers, clientFlags, signal };
      const { checks, found } = await runSchedule(cliFile, mixOf(mutant), how);
      for (const line of found) lines.push(`seed ${own}: ${line}`);
      const judging = checks.filter((check) => judges.includes(check));
      if (judging.length > 0) return { result: { name, caughtBy: judging.join(' '), schedules }, lines };
    }
    return { result: { name, caughtBy: null, schedules: schedulesMax }, lines };
  } finally {
    await dispose();
  }
}

/** @throws ClusterError usage when the mutant names an unknown fault or protocol */
export function mixOf({ faults, protocol, runs, processes }: Mutant): FaultMix {
  const protocolName = protocol === undefined ? undefined : parseChoice('protocol', protocol, protocolNames);
  if (processes !== undefined) {
    const across = { count: processes, faults: faults ?? [] };
    return { faults: undefined, protocol: protocolName, runs: undefined, processes: across };
  }
  return {
    faults: faults === undefined ? undefined : parseChoices('faults', faults.join(','), allFaultKinds),
    protocol: protocolName,
    runs,
  };
}

/** Its faults, for users. */
export function mixName({ faults, processes }: FaultMix): string {
  if (processes !== undefined) return `${processes.count} processes: ${processes.faults.join(',')}`;
  return faults?.join(',') ?? 'mixture';
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
