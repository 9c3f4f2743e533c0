import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProtocolName } from '../config/group-protocols.ts';
import { ClusterError, unreadable } from '../errors.ts';
import type { FaultKind } from './faults/all-faults.ts';
import { installation } from '../installation.ts';
import { nowMs } from '../time/clock.ts';
import { readPlan } from './plan-file.ts';
import { planRun, protocolOf, shapeOf, type RunPlanOptions, type RunPlan } from './run-plan.ts';
import { parseScenario, scenarioFaults, type StressScenario } from './scenario-file.ts';

/** What the user asked for. A scenario file and then the defaults fill in what is missing. */
export interface PlanWishes {
  readonly seed: number;
  readonly runs: number;
  readonly asked: Asked;
  readonly kinds: readonly FaultKind[];
  /** Protocols that the brokers support: the rotation runs over these. */
  readonly protocols: readonly ProtocolName[];
  /**
   * Partitions when neither the user nor the scenario names a number; undefined leaves it to the
   * seed.
   */
  readonly partitionsByDefault?: number;
  /** A file, or the name of a ready-made scenario. */
  readonly scenario?: string;
  /** A history whose plan is repeated. */
  readonly replay?: string;
  /** True when the duration is that of all runs together. */
  readonly soak: boolean;
}

type Settings = Omit<RunPlanOptions, 'seed' | 'kinds' | 'protocols'>;
type Asked = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

export const planDefaults = {
  durationMs: 20_000,
  mode: 'liveness',
  protocol: undefined,
  members: undefined,
  rate: 4_000,
  sessionTimeoutMs: undefined,
} as const satisfies Omit<Settings, 'partitions'>;

/**
 * Longest --duration of a single run. Beyond it the duration is that of a soak, whose runs have one
 * topic each and leave no data.
 */
export const runMsMax = 600_000;
const soakRunMs = 60_000;

/**
 * @throws ClusterError input when the scenario or the history can't be read; usage when it can't be
 *   parsed, or asks for a protocol that the brokers do not support
 */
export async function stressPlans(wishes: PlanWishes): Promise<Iterable<RunPlan>> {
  if (wishes.replay !== undefined) {
    const plan = await readPlan(wishes.replay);
    requirePossible(plan.protocol, wishes);
    return Array.from({ length: wishes.runs }, () => plan);
  }
  const scenario = wishes.scenario === undefined ? undefined : await readScenario(wishes.scenario);
  const settings = settingsOf(wishes, scenario);
  const { kinds, protocols } = wishes;
  const isSoak = wishes.soak || (wishes.asked.durationMs ?? 0) > runMsMax;
  const durationMs = isSoak ? (scenario?.duration ?? Math.min(soakRunMs, settings.durationMs)) : settings.durationMs;
  if (settings.protocol !== undefined) requirePossible(settings.protocol, wishes);
  const planned = (seed: number): RunPlan => {
    if (scenario === undefined) return planRun({ ...settings, durationMs, seed, kinds, protocols });
    const protocol = settings.protocol ?? protocolOf(seed, protocols);
    const shape = shapeOf({ ...settings, seed });
    return { ...settings, ...shape, durationMs, seed, protocol, faults: scenarioFaults(scenario, seed, kinds) };
  };
  return isSoak ? untilOver(settings.durationMs, wishes.seed, planned) : inTurn(wishes, planned);
}

/** @throws ClusterError usage */
function requirePossible(protocol: ProtocolName, { protocols }: PlanWishes): void {
  if (protocols.includes(protocol)) return;
  throw new ClusterError('usage', `these brokers do not support groups of protocol ${protocol} (KIP-848)`, {
    hint: 'pass --kafka-version 4.0 or newer, or choose a classic protocol',
  });
}

/** The settings that the user asked for, then those of the scenario, then the defaults. */
function settingsOf({ asked, partitionsByDefault }: PlanWishes, scenario: StressScenario | undefined): Settings {
  const { duration: durationMs, mode, protocol, members, partitions, rate }: Partial<StressScenario> = scenario ?? {};
  return {
    ...planDefaults,
    partitions: partitionsByDefault,
    ...given({ durationMs, mode, protocol, members, partitions, rate }),
    ...given(asked),
  };
}

/** The entries that are not undefined. */
function given<Values extends object>(values: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}

function* inTurn({ seed, runs }: PlanWishes, planned: (seed: number) => RunPlan): Generator<RunPlan> {
  for (let run = 0; run < runs; run += 1) yield planned(seed + run);
}

function* untilOver(durationMs: number, seed: number, planned: (seed: number) => RunPlan): Generator<RunPlan> {
  const deadlineMs = nowMs() + durationMs;
  for (let run = 0; nowMs() < deadlineMs; run += 1) yield planned(seed + run);
}

async function readScenario(name: string): Promise<StressScenario> {
  const own = join(installation.scenarios, `${name}.yaml`);
  const path = !existsSync(name) && existsSync(own) ? own : name;
  try {
    return parseScenario(await readFile(path, 'utf8'), basename(path));
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    const hint = 'ready-made: crash-storm, rolling-restart, broker-loss, zombie, partition-storm, everything';
    throw unreadable(name, cause, { option: '--scenario', hint });
  }
}
