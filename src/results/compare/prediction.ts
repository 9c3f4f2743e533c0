import { largest, smallest } from '../../statistics/extremes.ts';
import { studentCdf, studentQuantile } from '../../statistics/student.ts';
import { confidence, spreadOf, type LogShift } from './comparison.ts';

/** Minimum number of reports in the window for an estimate of the noise. */
export const windowMin = 5;

/** The distance of a value from its prediction, with one-sided p-values. */
export interface Prediction extends Omit<LogShift, 'pValue'> {
  readonly pGreater: number;
  readonly pSmaller: number;
}

/**
 * Pure: the distance of one value from the mean of its level, with the prediction interval of a
 * single new value. Other levels contribute their deviations from their own means, since the noise
 * is assumed to be equal. With too few values for an estimate of the noise, the bounds are the
 * observed range and the coverage is 0.
 * @param current - at least one value
 */
export function predicted(
  current: readonly number[],
  earlier: readonly (readonly number[])[],
  latest: number,
): Prediction {
  const count = current.length;
  const shift = latest - meanOf(current);
  const spread = spreadOf(current, [latest]);
  const levels = [current, ...earlier].filter(({ length }) => length > 0);
  const degrees = levels.reduce((sum, values) => sum + values.length - 1, 0);
  if (degrees < windowMin - 1) {
    const [low, high] = [latest - largest(current), latest - smallest(current)];
    return { shift, low, high, coverage: 0, spread, pGreater: 1, pSmaller: 1 };
  }
  const squares = levels.reduce((sum, values) => {
    const mean = meanOf(values);
    return sum + values.reduce((part, value) => part + (value - mean) ** 2, 0);
  }, 0);
  const deviation = Math.sqrt((squares / degrees) * (1 + 1 / count));
  const margin = studentQuantile((1 + confidence) / 2, degrees) * deviation;
  // When all values are equal, the prediction is exactly this value.
  const pSmaller = deviation === 0 ? (1 + Math.sign(shift)) / 2 : studentCdf(shift / deviation, degrees);
  return {
    shift,
    low: shift - margin,
    high: shift + margin,
    coverage: confidence,
    spread,
    pGreater: 1 - pSmaller,
    pSmaller,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
