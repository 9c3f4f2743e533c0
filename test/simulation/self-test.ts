import { buildMutant } from '../../src/stress/mutants/build-mutant.ts';
import { mutants } from '../../src/stress/mutants/mutant-list.ts';
import { builtDurableProduct } from './durable/durable-product.ts';
import {
  runDurableSchedules,
  type DurableSimulationOptions,
  type DurableSimulationReport,
} from './durable/run-durable.ts';
import { builtProduct } from './product.ts';
import { runSimulation } from './run-simulation.ts';
import type { CheckName } from './violation.ts';

export interface MutantResult {
  readonly name: string;
  readonly breaks: string;
  /** Undefined when no check caught it. */
  readonly caughtBy: CheckName | undefined;
  /** Run until it was caught. */
  readonly schedules: number;
  readonly message: string | undefined;
}

export interface SelfTestReport {
  readonly seed: number;
  readonly schedulesMax: number;
  readonly mutants: readonly MutantResult[];
}

/** A schedule of a durable group takes much longer than another one. */
const durableSchedulesMax = 1_000;
/** Most mutants need fewer; crash points that catch nothing take minutes. */
const durableSchedulesFirst = 200;

interface SelfTestOptions {
  readonly seed: number;
  readonly schedulesMax: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

/** Runs each mutant that the simulation can see, up to the first violation or `schedulesMax` schedules. */
export async function catchMutants({
  seed,
  schedulesMax,
  signal,
  onProgress,
}: SelfTestOptions): Promise<SelfTestReport> {
  const results: MutantResult[] = [];
  for (const mutant of mutants.filter(({ simulated }) => simulated !== false)) {
    if (signal?.aborted === true) break;
    const { name, breaks, hiddenByX86: readers = false } = mutant;
    const { distUrl, dispose } = await buildMutant(name);
    try {
      const options = { seed, schedules: schedulesMax, ...(signal && { signal }) };
      const { violation, schedules } =
        mutant.simulated === 'durable'
          ? await runDurable({ ...options, product: await builtDurableProduct(distUrl) })
          : await runSimulation({ ...options, product: await builtProduct(distUrl), exhaustive: false, readers });
      results.push({ name, breaks, caughtBy: violation?.check, schedules, message: violation?.message });
      onProgress?.(`${name}: ${violation === undefined ? 'not caught' : `${violation.check}, ${schedules} schedules`}`);
    } finally {
      await dispose();
    }
  }
  return { seed, schedulesMax, mutants: results };
}

/** Some schedules, then all crash points, then the remaining schedules. */
async function runDurable(options: DurableSimulationOptions): Promise<DurableSimulationReport> {
  const schedules = Math.min(options.schedules, durableSchedulesMax);
  const first = await runDurableSchedules({ ...options, schedules: Math.min(schedules, durableSchedulesFirst) });
  if (first.violation !== undefined) return first;
  return runDurableSchedules({ ...options, schedules, exhaustive: true });
}
