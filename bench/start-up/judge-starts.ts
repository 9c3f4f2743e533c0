import { z } from 'zod';

const PointSchema = z.object({
  name: z.string(),
  floor: z.string().describe('the point that is the start of the runtime alone'),
  wallMs: z.number().describe('median'),
  cpuMs: z.number().describe('median, child processes included'),
  ratio: z.number().describe('CPU time divided by that of the floor in the same round; median'),
  limitMs: z.number().optional().describe('of the wall time'),
});
export type PointResult = z.infer<typeof PointSchema>;

export const StartUpSchema = z.object({ machine: z.string(), rounds: z.number(), points: z.array(PointSchema) });
export type StartUpResult = z.infer<typeof StartUpSchema>;

/** When the bare start of a runtime waits longer than it works, the machine is busy. */
const waitingMax = 2;

/**
 * Compares CPU times as ratios to the bare start of a runtime, which depend little on the machine
 * and its load. Wall times are compared with their limits, as on a machine as fast as that of the
 * baseline. They depend on what else the machine does, so they decide nothing. Pure.
 * @param growthMax - largest allowed growth of a ratio: 0.5 for 50 %
 * @returns one sentence for each ratio that grew too much, and one for each limit that is exceeded
 */
export function judgeStarts(
  { points }: StartUpResult,
  baseline: StartUpResult,
  growthMax: number,
): { readonly slow: readonly string[]; readonly overLimit: readonly string[] } {
  const [slow, overLimit]: [string[], string[]] = [[], []];
  for (const { name, floor, ratio, wallMs, limitMs = Infinity } of points) {
    const before = find(baseline.points, name);
    if (ratio > before.ratio * (1 + growthMax)) {
      slow.push(`${name} takes ${ratio.toFixed(1)} times the CPU time of ${floor}, before ${before.ratio.toFixed(1)}`);
    }
    const bare = find(points, floor);
    const comparedMs = (wallMs * find(baseline.points, floor).cpuMs) / bare.cpuMs;
    if (comparedMs <= limitMs) continue;
    const busy = bare.wallMs > waitingMax * bare.cpuMs ? '; the machine is busy' : '';
    const time = `${comparedMs.toFixed(0)} ms at the speed of the baseline's machine`;
    overLimit.push(`${name} takes ${time}, above ${limitMs} ms${busy}`);
  }
  return { slow, overLimit };
}

function find(points: readonly PointResult[], name: string): PointResult {
  const point = points.find((other) => other.name === name);
  if (point === undefined) throw new Error(`no start '${name}' in the baseline`);
  return point;
}
