import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

type Register = (program: Command, context: CommandContext) => void;

/** The files that declare commands. Each is loaded only when one of its commands is chosen. */
export const commandFiles = {
  bench: async () => (await import('./bench.ts')).registerBench,
  experiments: async () => (await import('./experiments.ts')).registerExperiments,
  ab: async () => (await import('./ab.ts')).registerAb,
  brokers: async () => (await import('./brokers.ts')).registerBrokers,
  compare: async () => (await import('./compare.ts')).registerCompare,
  counts: async () => (await import('./counts.ts')).registerCounts,
  doctor: async () => (await import('./doctor.ts')).registerDoctor,
  licenses: async () => (await import('./licenses.ts')).registerLicenses,
  produce: async () => (await import('./produce.ts')).registerProduce,
  report: async () => (await import('./report.ts')).registerReport,
  run: async () => (await import('./run.ts')).registerRun,
  stress: async () => (await import('./stress.ts')).registerStress,
  verify: async () => (await import('./verify.ts')).registerVerify,
} satisfies Record<string, () => Promise<Register>>;

export type CommandFile = keyof typeof commandFiles;
