import assert from 'node:assert';

/** A measured point of a scaling curve. */
export interface CurvePoint {
  /** Of members that work at once, above 0. */
  readonly load: number;
  /** Throughput of each run, above 0. */
  readonly rates: readonly number[];
}

/**
 * Throughput(n) = rate n / (1 + contention (n - 1) + coherency n (n - 1)), Gunther's Universal
 * Scalability Law.
 */
export interface ScalabilityFit {
  /** Throughput of one. */
  readonly rate: number;
  /** Share of work that can't be done at once, at least 0. */
  readonly contention: number;
  /** Cost of keeping each pair in step, at least 0. */
  readonly coherency: number;
  /** Load of the greatest throughput; undefined when throughput grows without end. */
  readonly peakLoad: number | undefined;
  /** Share of the variation of throughput that the curve explains. */
  readonly rSquared: number;
}

/**
 * Any three points lie on some curve of three parameters, so three say nothing about whether the
 * law holds.
 */
export const loadsMin = 4;

/**
 * Least squares of the relative errors with contention and coherency at least 0, exact: the law is
 * linear in 1/throughput, and with two bounded parameters there are four cases.
 * @returns undefined with fewer than 4 different loads
 */
export function fitScalability(points: readonly CurvePoint[]): ScalabilityFit | undefined {
  assert(points.every(({ load, rates }) => load > 0 && rates.length > 0 && rates.every((rate) => rate > 0)));
  if (new Set(points.map(({ load }) => load)).size < loadsMin) return undefined;
  const fit = fitOnce(points);
  const { contention, coherency } = fit;
  const peak = coherency > 0 && contention < 1 ? Math.sqrt((1 - contention) / coherency) : undefined;
  return {
    ...fit,
    // Where even the second adds nothing, one is the best.
    peakLoad: contention >= 1 ? 1 : peak === undefined ? undefined : Math.max(1, peak),
    rSquared: rSquaredOf(fit, points),
  };
}

/** Throughput by the law. */
export function scalabilityAt(fit: Pick<ScalabilityFit, 'rate' | 'contention' | 'coherency'>, load: number): number {
  return (fit.rate * load) / (1 + fit.contention * (load - 1) + fit.coherency * load * (load - 1));
}

type Parameters = Pick<ScalabilityFit, 'rate' | 'contention' | 'coherency'>;

function fitOnce(points: readonly CurvePoint[]): Parameters {
  // One row a run: n / throughput = a + b (n - 1) + c n (n - 1), divided by its left side.
  const rows = points.flatMap(({ load, rates }) =>
    rates.map((rate) => [1, load - 1, load * (load - 1)].map((term) => (term * rate) / load)),
  );
  const cases = [[0], [0, 1], [0, 2], [0, 1, 2]].flatMap((used) => {
    const solution = leastSquares(rows.map((row) => used.map((index) => row[index] ?? 0)));
    if (solution?.every((value) => value >= 0) !== true || !((solution[0] ?? 0) > 0)) return [];
    const full = [0, 0, 0];
    used.forEach((index, place) => (full[index] = solution[place] ?? 0));
    const error = rows.reduce(
      (sum, row) => sum + (1 - row.reduce((total, term, index) => total + term * (full[index] ?? 0), 0)) ** 2,
      0,
    );
    return [{ full, error }];
  });
  const best = cases.reduce((least, each) => (each.error < least.error ? each : least));
  const [a = NaN, b = 0, c = 0] = best.full;
  return { rate: 1 / a, contention: b / a, coherency: c / a };
}

/**
 * The solution of rows x = 1, in the least squares sense.
 * @returns undefined when the columns depend on each other
 */
function leastSquares(rows: readonly (readonly number[])[]): number[] | undefined {
  const size = rows[0]?.length ?? 0;
  const system = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
    rows.reduce((sum, row) => sum + (row[i] ?? 0), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const row = system[pivot] ?? [];
    const head = row[pivot] ?? 0;
    // The matrix is positive definite, so no rows need to be exchanged.
    if (!(head > 1e-12 * (rows.length || 1))) return undefined;
    for (const other of system) {
      if (other === row) continue;
      const factor = (other[pivot] ?? 0) / head;
      row.forEach((value, column) => (other[column] = (other[column] ?? 0) - factor * value));
    }
  }
  return system.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

function rSquaredOf(fit: Parameters, points: readonly CurvePoint[]): number {
  const pairs = points.flatMap(({ load, rates }) => rates.map((rate) => [rate, scalabilityAt(fit, load)] as const));
  const mean = pairs.reduce((sum, [rate]) => sum + rate, 0) / pairs.length;
  const around = pairs.reduce((sum, [rate]) => sum + (rate - mean) ** 2, 0);
  const left = pairs.reduce((sum, [rate, fitted]) => sum + (rate - fitted) ** 2, 0);
  return around === 0 ? 1 : 1 - left / around;
}
