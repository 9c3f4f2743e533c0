import assert from 'node:assert';

const steps = 400;

/**
 * Student's t distribution: the probability of a value of at most t. By Simpson's rule on the angle
 * whose tangent is t / sqrt(degrees), right to 1e-9.
 * @param degrees - of freedom, at least 1
 */
export function studentCdf(t: number, degrees: number): number {
  assert(degrees >= 1);
  const half = area(Math.PI / 2, degrees);
  return 0.5 + area(Math.atan(t / Math.sqrt(degrees)), degrees) / (2 * half);
}

function area(angle: number, degrees: number): number {
  const width = angle / steps;
  let sum = 0;
  for (let step = 0; step <= steps; step += 1) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 0 ? 2 : 4;
    sum += weight * Math.cos(step * width) ** (degrees - 1);
  }
  return (sum * width) / 3;
}

/** Inverse, by bisection. @param share - in (0, 1) */
export function studentQuantile(share: number, degrees: number): number {
  assert(share > 0 && share < 1);
  let [low, high] = [-1e4, 1e4];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
