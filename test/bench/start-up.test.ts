import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { judgeStarts, type StartUpResult } from '../../bench/start-up/judge-starts.ts';
import { childrenCpuMs } from '../../bench/start-up/measure-start.ts';
import { treeCpuMs } from '../../bench/start-up/processes-cpu.ts';

/** @param cpuMs - of the bare start, and how often the start of --help takes that */
function resultOf(cpuMs: number, times: number, { load = 1 } = {}): StartUpResult {
  const point = (name: string, ratio: number) => ({
    ...{ name, floor: 'bare', ratio, cpuMs: cpuMs * ratio },
    wallMs: cpuMs * ratio * load,
  });
  return { machine: '', rounds: 1, points: [point('bare', 1), { ...point('help', times), limitMs: 100 }] };
}

const baseline = resultOf(20, 2);

test('a start that grew against the bare start is too slow, whatever the speed of the machine', () => {
  for (const cpuMs of [5, 20, 200]) {
    expect(judgeStarts(resultOf(cpuMs, 2.9), baseline, 0.5).slow).toEqual([]);
    expect(judgeStarts(resultOf(cpuMs, 3.1), baseline, 0.5).slow).toEqual([
      'help takes 3.1 times the CPU time of bare, before 2.0',
    ]);
  }
});

test("a limit applies to wall times at the speed of the baseline's machine", () => {
  expect(judgeStarts(resultOf(200, 4.9), baseline, 9)).toEqual({ slow: [], overLimit: [] });
  expect(judgeStarts(resultOf(200, 5.1), baseline, 9)).toEqual({
    slow: [],
    overLimit: ["help takes 102 ms at the speed of the baseline's machine, above 100 ms"],
  });
  expect(judgeStarts(resultOf(20, 2, { load: 3 }), baseline, 0.5)).toEqual({
    slow: [],
    overLimit: ["help takes 120 ms at the speed of the baseline's machine, above 100 ms; the machine is busy"],
  });
});

test("reads CPU times of a shell's children and of running processes", async () => {
  expect(childrenCpuMs('0m9.000s 0m9.000s\n1m0.025s 0m0.004s\n')).toBeCloseTo(60_029);
  expect(() => childrenCpuMs('')).toThrow('unexpected output');
  const busy = 'while (process.cpuUsage().user < 3e5); console.log("done"); process.stdin.resume();';
  const outer = `require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' })`;
  const child = spawn(process.execPath, ['-e', outer, busy], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(treeCpuMs(child.pid ?? 0)).toBeGreaterThan(280);
  child.stdin.end();
  await once(child, 'exit');
});
