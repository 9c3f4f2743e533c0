import { seededRandom } from '../../src/seeded-random.ts';
import type { RunReport } from '../../src/results/report-parts.ts';
import type { BenchReport } from '../../src/results/schema.ts';
import type { PastBench } from '../../src/report/html/history-section.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';
import { latencySection, rebalanceSection } from './paced-sections.ts';

/**
 * A report with everything that a page can show: both lanes, noise, a warm-up, a run with
 * rebalances and a run with wrong counts.
 */
export function fullReport(): BenchReport {
  const random = seededRandom(7);
  const noisy = (run: RunReport, factor: number): RunReport => ({
    ...run,
    recordsPerSecond: run.recordsPerSecond * factor,
    cpuMicrosPerRecord: run.cpuMicrosPerRecord * (0.9 + 0.2 * random()),
  });
  const runs: RunReport[] = [];
  for (let repetition = 1; repetition <= 7; repetition += 1) {
    for (const members of [1, 2, 3, 4, 5]) {
      const work = sampleRun(members, repetition);
      const drain = sampleRun(members, repetition, { lane: 'drain' });
      runs.push(noisy(work, 0.97 + 0.06 * random()));
      runs.push(noisy(drain, (60 * (0.8 + 0.4 * random())) / Math.sqrt(members)));
    }
  }
  const [first, second, third, ...others] = runs;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no runs');
  const wrong = { ...third, verified: false, differences: ['the: 4,000 counted, 4,001 in the reference'] };
  const warmUp = { ...sampleRun(5, 0), warmUp: true };
  const report = sampleReport([warmUp, first, { ...second, rebalances: 2 }, wrong, ...others]);
  const [work] = report.lanes;
  if (work === undefined) throw new Error('no lane');
  return {
    ...report,
    lanes: [{ ...work, lane: 'drain', workUs: 0, records: 2_000_000 }, work],
    latency: latencySection(),
    rebalance: rebalanceSection(),
  };
}

/** Twelve earlier benches of the same machine, and one of another machine. */
export function earlierBenches(report: BenchReport): PastBench[] {
  const random = seededRandom(3);
  const { machine } = report.environment;
  const benches = Array.from({ length: 12 }, (_, day) => ({
    startedAt: `2026-11-${String(day + 1).padStart(2, '0')}T09:00:00.000Z`,
    machine,
    revision: `${day}0c0ffee0000`,
    points: report.scaling.map((point) => ({
      ...point,
      recordsPerSecond: point.recordsPerSecond * (0.9 + 0.2 * random()),
    })),
  }));
  return [...benches, { startedAt: '2026-11-20T09:00:00.000Z', machine: 'another', points: report.scaling }];
}
