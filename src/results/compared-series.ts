/** A measure that `compare` judges. Experiments declare measures of their own. */
export interface ComparedMeasure {
  readonly name: string;
  readonly better: 'bigger' | 'smaller';
  /** `x` for ratios, which are the only measures that reports of different machines share. */
  readonly unit: string;
}

/** Measures that several experiments have. */
export const measures = {
  recordsPerSecond: { name: 'recordsPerSecond', better: 'bigger', unit: 'records/s' },
  cpuMicrosPerRecord: { name: 'cpuMicrosPerRecord', better: 'smaller', unit: 'µs' },
  speedup: { name: 'speedup', better: 'bigger', unit: 'x' },
} as const satisfies Readonly<Record<string, ComparedMeasure>>;

/** Identifies a series in all reports. */
export interface SeriesId {
  /** The lane or experiment. Its series of one measure are also judged together. */
  readonly lane: string;
  readonly members: number;
  /** Name of the point, where the number of members alone does not identify it. */
  readonly label?: string | undefined;
  readonly measure: ComparedMeasure;
}

/** One measure at one point of an experiment, as `compare` reads it. */
export interface ComparedSeries extends SeriesId {
  /** The value of each measured repetition that has one, without warm-ups; positive numbers. */
  readonly values: ReadonlyMap<number, number>;
}

/** A run as far as a series needs it. */
export interface RepeatedRun {
  /** Counted from 1. */
  readonly repetition: number;
}

/** Pure: the series of some measures over the runs of one point. */
export function seriesOf<Run extends RepeatedRun>(
  point: Omit<SeriesId, 'measure'>,
  runs: readonly Run[],
  figures: readonly { readonly measure: ComparedMeasure; readonly valueOf: (run: Run) => number | undefined }[],
): ComparedSeries[] {
  return figures.map(({ measure, valueOf }) => {
    const values = runs.flatMap((run) => {
      const value = valueOf(run);
      return value === undefined || !(value > 0) ? [] : [[run.repetition, value] as const];
    });
    return { ...point, measure, values: new Map(values) };
  });
}

/** Pure: the name of a series' point within its lane. */
export function pointName({ members, label }: Pick<SeriesId, 'members' | 'label'>): string {
  return label ?? String(members);
}
