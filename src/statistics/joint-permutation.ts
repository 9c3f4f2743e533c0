import assert from 'node:assert';
import { seededRandom, shuffled } from '../seeded-random.ts';

/**
 * Rows are tests of one verdict (a metric at a number of members, say), columns are independent
 * units (a repetition, a pair of processes). NaN where a unit has no value.
 */
export type Units = readonly (readonly number[])[];

/** One-sided p-values of every row, adjusted for all rows. */
export interface JointTest {
  /** That values are greater than without an effect. */
  readonly greater: readonly number[];
  readonly smaller: readonly number[];
}

/**
 * Up to this number all arrangements are enumerated. Above it, this number of arrangements is
 * drawn, always with the same seed.
 */
const arrangementsMax = 5_000;

/**
 * Are the differences of any row centred off 0? Wilcoxon's signed ranks, and the p-value is the
 * greatest statistic of all rows under flipped signs (Westfall and Young, step-down). The signs of
 * all rows of a unit are flipped together, so rows may depend on each other in any way.
 */
export function jointSignTest(differences: Units): JointTest {
  const units = differences[0]?.length ?? 0;
  const rows = differences.map(signedRanks);
  const arrangements = signArrangements(units).map((signs) =>
    Float64Array.from(rows, (ranks) => ranks.reduce((sum, rank, unit) => sum + rank * (signs[unit] ?? 0), 0)),
  );
  return bothSides(arrangements);
}

/**
 * Do units after `before` columns have other values? Rank sums, ties among arrangements broken by
 * the difference of means; whole units are exchanged, all rows together (Westfall and Young,
 * step-down).
 */
export function jointShiftTest(values: Units, before: number): JointTest {
  const units = values[0]?.length ?? 0;
  const scores = values.map(rankScores);
  const arrangements = choices(units, units - before).map((after) =>
    Float64Array.from(scores, (row) => meanDifference(row, after)),
  );
  return bothSides(arrangements);
}

/** @param arrangements - a statistic for each row; the first arrangement is what was observed */
export function bothSides(arrangements: readonly Float64Array[]): JointTest {
  return {
    greater: stepDown(arrangements),
    smaller: stepDown(arrangements.map((statistics) => statistics.map((value) => -value))),
  };
}

/**
 * The p-value of a row counts the arrangements in which it, or any row that is less significant,
 * comes out as far.
 */
function stepDown(arrangements: readonly Float64Array[]): number[] {
  const [observed] = arrangements;
  assert(observed !== undefined);
  const ascending = [...observed.keys()].sort((a, b) => (observed[a] ?? 0) - (observed[b] ?? 0));
  const counts = new Float64Array(observed.length);
  for (const statistics of arrangements) {
    let greatest = -Infinity;
    for (const row of ascending) {
      greatest = Math.max(greatest, statistics[row] ?? 0);
      // Sums of the same numbers in another order differ by rounding.
      if (greatest >= (observed[row] ?? 0) - 1e-9) counts[row] = (counts[row] ?? 0) + 1;
    }
  }
  let least = 0;
  for (const row of ascending.reverse()) {
    least = Math.max(least, (counts[row] ?? 0) / arrangements.length);
    counts[row] = least;
  }
  return [...counts];
}

/**
 * Ranks of the sizes with the signs of the values, scaled so that the rows' sums are comparable; 0
 * for none.
 */
function signedRanks(differences: readonly number[]): number[] {
  const sizes = differences.map((value) => (value === 0 ? NaN : Math.abs(value)));
  const ranks = midranks(sizes);
  const length = Math.sqrt(ranks.reduce((sum, rank) => sum + (Number.isNaN(rank) ? 0 : rank ** 2), 0)) || 1;
  return ranks.map((rank, unit) => (Number.isNaN(rank) ? 0 : (Math.sign(differences[unit] ?? 0) * rank) / length));
}

/** Ranks around 0 with variance 1, and a thousandth of the values themselves, scaled the same. */
function rankScores(values: readonly number[]): number[] {
  const ranks = standardized(midranks(values));
  const sizes = standardized(values);
  return ranks.map((rank, unit) => rank + (sizes[unit] ?? 0) / 1_000);
}

function standardized(values: readonly number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  // A row of equal values shows nothing.
  return values.map((value) => (deviation > 1e-12 * Math.abs(mean) ? (value - mean) / deviation : 0 * value));
}

function midranks(values: readonly number[]): number[] {
  return values.map((value) => {
    if (Number.isNaN(value)) return NaN;
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Of the chosen units, less the others, in units of its deviation under exchange. */
function meanDifference(scores: readonly number[], chosen: readonly boolean[]): number {
  const sums = { inside: 0, outside: 0, insideCount: 0, outsideCount: 0 };
  scores.forEach((score, unit) => {
    if (Number.isNaN(score)) return;
    if (chosen[unit] === true) {
      sums.inside += score;
      sums.insideCount += 1;
    } else {
      sums.outside += score;
      sums.outsideCount += 1;
    }
  });
  const { inside, outside, insideCount, outsideCount } = sums;
  if (insideCount === 0 || outsideCount === 0) return 0;
  const scale = Math.sqrt(1 / insideCount + 1 / outsideCount);
  return (inside / insideCount - outside / outsideCount) / scale;
}

/** Signs for every unit; the observed ones, all 1, first. */
function signArrangements(units: number): number[][] {
  if (2 ** units <= arrangementsMax) {
    return Array.from({ length: 2 ** units }, (_, bits) =>
      Array.from({ length: units }, (__, unit) => ((bits >> unit) & 1 ? -1 : 1)),
    );
  }
  const random = seededRandom(1);
  return Array.from({ length: arrangementsMax }, (_, draw) =>
    Array.from({ length: units }, () => (draw === 0 || random() < 0.5 ? 1 : -1)),
  );
}

/** Ways to choose `count` units; the observed one, the last `count`, first. */
function choices(units: number, count: number): boolean[][] {
  const observed = Array.from({ length: units }, (_, unit) => unit >= units - count);
  let ways = 1;
  for (let index = 0; index < count; index += 1) ways = (ways * (units - index)) / (index + 1);
  if (ways <= arrangementsMax) {
    const all = allChoices(units, count);
    const others = all.filter((chosen) => chosen.some((is, unit) => is !== observed[unit]));
    return [observed, ...others];
  }
  const random = seededRandom(1);
  return [observed, ...Array.from({ length: arrangementsMax - 1 }, () => shuffled(observed, random))];
}

function allChoices(units: number, count: number): boolean[][] {
  if (count < 0 || count > units) return [];
  if (units === 0) return [[]];
  return [
    ...allChoices(units - 1, count).map((rest) => [...rest, false]),
    ...allChoices(units - 1, count - 1).map((rest) => [...rest, true]),
  ];
}
