import { z } from 'zod';
import { withoutByteOrderMark } from '../../config/byte-order-mark.ts';
import { lanes } from '../../config/lanes.ts';
import { ClusterError } from '../../errors.ts';
import { median, samplesOf } from '../../statistics/statistics.ts';
import { sectionsIn } from '../report-sections.ts';
import type { BenchReport } from '../schema.ts';
import { conditionsOf, experimentConditionsOf } from './comparable.ts';

const measure = z.number().min(0);

/** Conditions of a bench. Reports are comparable only when all conditions are equal. */
const circumstances = {
  schemaVersion: z.literal(1),
  startedAt: z.iso.datetime(),
  machine: z.string(),
  conditions: z.record(z.string(), z.string()),
  /** By experiment. They must be equal in entries that both have the experiment. */
  experimentConditions: z.record(z.string(), z.record(z.string(), z.string())).optional(),
};

/** A measure of an experiment at one point: the median over its runs. */
const series = z.strictObject({
  experiment: z.string(),
  members: z.int().min(1),
  label: z.string().optional(),
  measure: z.string(),
  better: z.enum(['bigger', 'smaller']),
  unit: z.string(),
  value: z.number().positive(),
});

/** A line of a history file: the medians of one bench. */
const historyEntry = z.strictObject({
  kind: z.literal('bench-history'),
  ...circumstances,
  cores: z.int().min(1),
  revision: z.string().optional(),
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
  series: z.array(series).optional(),
});

/**
 * A line that accepts the level of a bench: later benches are compared with it and its successors,
 * and not with earlier ones.
 */
const acceptance = z.strictObject({
  kind: z.literal('bench-accepted'),
  ...circumstances,
  acceptedAt: z.iso.datetime(),
});

export type HistoryEntry = Readonly<z.infer<typeof historyEntry>>;
export type Acceptance = Readonly<z.infer<typeof acceptance>>;

/** The parsed lines of a history file, oldest first. */
export interface BenchHistory {
  readonly entries: readonly HistoryEntry[];
  readonly accepted: readonly Acceptance[];
}

/** Pure: the history line of a report. */
export function historyEntryOf(report: BenchReport): HistoryEntry {
  const { environment, startedAt, scaling } = report;
  const experiments = experimentSeries(report);
  const { git } = environment;
  return {
    kind: 'bench-history',
    schemaVersion: 1,
    startedAt,
    machine: environment.machine,
    cores: environment.cores,
    ...(git === undefined ? {} : { revision: `${git.revision}${git.dirty ? '+' : ''}` }),
    conditions: conditionsOf(report),
    ...(experiments.length === 0 ? {} : { experimentConditions: experimentConditionsOf(report) }),
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
    ...(experiments.length === 0 ? {} : { series: experiments }),
  };
}

/** The medians of all experiments, without the lanes, which have `points`. */
function experimentSeries(report: BenchReport): NonNullable<HistoryEntry['series']> {
  const sections = sectionsIn(report).filter(({ experiment }) => experiment.inLanes === undefined);
  return sections.flatMap(({ experiment, section }) =>
    experiment.compared
      .series(section)
      .filter(({ values }) => values.size > 0)
      .map(({ lane, members, label, measure, values }) => ({
        ...{ experiment: lane, members },
        ...(label === undefined ? {} : { label }),
        ...{ measure: measure.name, better: measure.better, unit: measure.unit },
        value: median(samplesOf([...values.values()])),
      })),
  );
}

/** Pure: the line that accepts this bench. */
export function acceptanceOf(
  { startedAt, machine, conditions, experimentConditions }: HistoryEntry,
  acceptedAt: Date,
): Acceptance {
  return {
    kind: 'bench-accepted',
    schemaVersion: 1,
    startedAt,
    acceptedAt: acceptedAt.toISOString(),
    machine,
    conditions,
    ...(experimentConditions === undefined ? {} : { experimentConditions }),
  };
}

/**
 * Pure: parses a history file. Skips empty lines, and truncated lines of a process that was killed
 * or had a full disk.
 * @throws ClusterError input, with the number of the first line that is neither a bench nor an
 * acceptance
 */
export function parseHistory(path: string, text: string): BenchHistory {
  const lines = withoutByteOrderMark(text)
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '' || isTorn(line)) return [];
      try {
        return [z.discriminatedUnion('kind', [historyEntry, acceptance]).parse(JSON.parse(line))];
      } catch (cause) {
        throw new ClusterError('input', `${path}, line ${index + 1} is not a history entry`, {
          cause,
          hint: 'pass a file written by bench --append-history or compare --accept',
        });
      }
    });
  return {
    entries: lines.filter((line) => line.kind === 'bench-history'),
    accepted: lines.filter((line) => line.kind === 'bench-accepted'),
  };
}

const lineStarts = ['{"kind":"bench-history"', '{"kind":"bench-accepted"'];

function isTorn(line: string): boolean {
  if (!lineStarts.some((start) => line.startsWith(start) || start.startsWith(line))) return false;
  try {
    JSON.parse(line);
    return false;
  } catch {
    return true;
  }
}
