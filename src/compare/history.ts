import { z } from 'zod';
import { lanes } from '../config/lanes.ts';
import { WordcountError } from '../errors.ts';
import type { BenchReport } from '../report/schema.ts';
import { conditionsOf } from './comparable.ts';

const measure = z.number().min(0);

/** A line of a history file: the medians of one bench, and what they depend on. */
export const historyEntry = z.strictObject({
  kind: z.literal('bench-history'),
  schemaVersion: z.literal(1),
  startedAt: z.iso.datetime(),
  machine: z.string(),
  cores: z.int().min(1),
  revision: z.string().optional(),
  /** Reports are comparable only when these are the same, all of them. */
  conditions: z.record(z.string(), z.string()),
  points: z.array(
    z.strictObject({
      lane: z.enum(lanes),
      members: z.int().min(1),
      runs: z.int().min(1),
      recordsPerSecond: measure,
      cpuMicrosPerRecord: measure,
      speedup: measure,
      peakRssMib: measure,
      joinMs: measure,
    }),
  ),
});

export type HistoryEntry = Readonly<z.infer<typeof historyEntry>>;

/** Pure: what a history keeps of a report. */
export function historyEntryOf(report: BenchReport): HistoryEntry {
  const { environment, startedAt, scaling } = report;
  const { git } = environment;
  return {
    kind: 'bench-history',
    schemaVersion: 1,
    startedAt,
    machine: environment.machine,
    cores: environment.cores,
    ...(git === undefined ? {} : { revision: `${git.revision}${git.dirty ? '+' : ''}` }),
    conditions: conditionsOf(report),
    points: scaling.map(
      ({ lane, members, runs, recordsPerSecond, cpuMicrosPerRecord, speedup, peakRssMib, joinMs }) => ({
        lane,
        members,
        runs,
        recordsPerSecond,
        cpuMicrosPerRecord,
        speedup,
        peakRssMib,
        joinMs,
      }),
    ),
  };
}

/**
 * Pure: a history file, oldest first; empty lines are none.
 * @throws WordcountError input, naming the line that is no entry
 */
export function parseHistory(path: string, text: string): HistoryEntry[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [historyEntry.parse(JSON.parse(line))];
    } catch (cause) {
      throw new WordcountError('input', `${path}, line ${index + 1} is no entry of a history`, {
        cause,
        hint: 'bench --append-history FILE writes them',
      });
    }
  });
}
