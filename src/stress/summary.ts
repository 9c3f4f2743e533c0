import { quantile, samplesOf } from '../statistics/statistics.ts';
import type { StressReport } from '../results/stress-report.ts';
import type { RunIdentity, RunOutcome } from './run-outcome.ts';
import type { FailedRun } from './stress-runs.ts';

type CheckSum = StressReport['checks'][number];

export interface SelfTestResult {
  readonly control: NonNullable<StressReport['control']>;
  readonly mutants: StressReport['mutants'];
}

interface ReportOptions {
  readonly interrupted: boolean;
  /** Present instead of runs. */
  readonly selfTest?: SelfTestResult;
}

/** Summarizes runs in memory that does not grow with their duration. */
export class StressSummary {
  readonly #seed: number;
  readonly #faults = new Map<string, number>();
  readonly #protocols = new Map<string, number>();
  readonly #checks = new Map<string, CheckSum>();
  readonly #takeovers = new Map<string, Map<string, number[]>>();
  readonly #failedSeeds: number[] = [];
  readonly #errors: string[] = [];
  #runs = 0;
  #records = 0;
  #words = 0;
  #crashes = 0;
  #refused = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get failed(): boolean {
    return this.#failedSeeds.length > 0;
  }

  add(outcome: RunOutcome<RunIdentity>): void {
    const { plan, faults, checks, takeovers } = outcome;
    this.#runs += 1;
    increase(this.#protocols, plan.protocol);
    for (const { kind } of faults) increase(this.#faults, kind);
    for (const { name, code, violationsTotal, violations: listed } of checks) {
      const sum = this.#checks.get(name);
      const violations = (sum?.violations ?? 0) + violationsTotal;
      this.#checks.set(name, { id: code, name, violations, first: sum?.first ?? listed[0]?.message ?? null });
    }
    for (const { cause, tookMs } of takeovers) {
      const byProtocol = this.#takeovers.get(cause) ?? new Map<string, number[]>();
      this.#takeovers.set(cause, byProtocol);
      const times = byProtocol.get(plan.protocol) ?? [];
      byProtocol.set(plan.protocol, times);
      times.push(tookMs);
    }
    if (checks.some(({ violationsTotal }) => violationsTotal > 0)) this.#failedSeeds.push(plan.seed);
    this.#records += outcome.records;
    this.#words += outcome.words;
    this.#crashes += outcome.crashes;
    this.#refused += outcome.refused;
  }

  addFailed({ plan, error }: FailedRun<RunIdentity>): void {
    this.#errors.push(`seed ${plan.seed}: ${error.message}`);
  }

  report({ interrupted, selfTest }: ReportOptions): StressReport {
    return {
      schema: 'consumer-cluster-wordcount/stress/1',
      verdict: selfTest === undefined ? this.#verdict(interrupted) : selfTestVerdict(selfTest, interrupted),
      seed: this.#seed,
      runs: this.#runs,
      runsFailed: this.#failedSeeds.length,
      failedSeeds: this.#failedSeeds,
      errors: this.#errors,
      violationRateMax95: this.failed || this.#runs === 0 ? null : Math.min(1, 3 / this.#runs),
      faults: Object.fromEntries([...this.#faults].sort(([a], [b]) => (a < b ? -1 : 1))),
      protocols: Object.fromEntries(this.#protocols),
      checks: [...this.#checks.values()],
      takeoverMs: this.#takeoverMs(),
      records: this.#records,
      words: this.#words,
      crashes: this.#crashes,
      refused: this.#refused,
      control: selfTest?.control ?? null,
      mutants: selfTest?.mutants ?? [],
    };
  }

  #verdict(interrupted: boolean): StressReport['verdict'] {
    if (this.failed) return 'failed';
    if (interrupted) return 'interrupted';
    return this.#errors.length > 0 || this.#runs === 0 ? 'couldNotRun' : 'passed';
  }

  #takeoverMs(): StressReport['takeoverMs'] {
    const entries = [...this.#takeovers].map(([cause, byProtocol]) => {
      const figures = [...byProtocol].map(([protocol, times]) => {
        const samples = samplesOf(times);
        const at = (share: number): number => Math.round(quantile(samples, share));
        return [protocol, { count: times.length, p50: at(0.5), p99: at(0.99), max: at(1) }] as const;
      });
      return [cause, Object.fromEntries(figures)] as const;
    });
    return Object.fromEntries(entries);
  }
}

function selfTestVerdict({ control, mutants }: SelfTestResult, interrupted: boolean): StressReport['verdict'] {
  if (control.found.length > 0 || mutants.some(({ caughtBy }) => caughtBy === null)) return 'failed';
  return interrupted ? 'interrupted' : 'passed';
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
