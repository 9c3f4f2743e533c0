/**
 * Which records of a workload count: the first `records`, or for each partition p = i mod P the
 * first `limits[p]`.
 */
export type Inclusion =
  | { readonly type: 'first'; readonly records: number }
  | { readonly type: 'perPartition'; readonly limits: readonly number[] };

/** One past the highest included index. */
export function inclusionEnd(inclusion: Inclusion): number {
  switch (inclusion.type) {
    case 'first':
      return inclusion.records;
    case 'perPartition': {
      const partitions = inclusion.limits.length;
      return inclusion.limits.reduce(
        (end, limit, partition) => (limit === 0 ? end : Math.max(end, (limit - 1) * partitions + partition + 1)),
        0,
      );
    }
  }
}

/** True when record `index` is included. */
export function includes(inclusion: Inclusion, index: number): boolean {
  switch (inclusion.type) {
    case 'first':
      return index < inclusion.records;
    case 'perPartition': {
      const partitions = inclusion.limits.length;
      return Math.floor(index / partitions) < (inclusion.limits[index % partitions] ?? 0);
    }
  }
}

/**
 * Number of times that line `line` of `lines` is included when the lines repeat without end: the
 * number of included indices line, line + lines, line + 2 lines…
 */
export function timesIncluded(inclusion: Inclusion, line: number, lines: number): number {
  switch (inclusion.type) {
    case 'first':
      return indicesBelow(inclusion.records, line, lines);
    case 'perPartition': {
      // The partition of a line's k-th repetition depends only on k mod P, so each of these cases
      // has a limit.
      const partitions = inclusion.limits.length;
      return inclusion.limits.reduce((times, _, repetition) => {
        const first = line + repetition * lines;
        const partition = first % partitions;
        const end = (inclusion.limits[partition] ?? 0) * partitions + partition;
        return times + indicesBelow(end, first, lines * partitions);
      }, 0);
    }
  }
}

/** Number of indices first, first + step, first + 2 step… below `end`. */
function indicesBelow(end: number, first: number, step: number): number {
  return first >= end ? 0 : Math.ceil((end - first) / step);
}
