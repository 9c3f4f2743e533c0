import type { BenchReport } from '../results/schema.ts';

export interface VerdictLine {
  readonly tone: 'good' | 'doubtful' | 'bad';
  readonly text: string;
}

/** Lines to show before any results, most severe first; empty only for a report without runs. */
export function verdictLines({ verdict, status, environment }: BenchReport): VerdictLine[] {
  const { verified, runs, runsVerified, runsPlanned } = verdict;
  const lines: VerdictLine[] = [];
  if (runsVerified < runs) {
    lines.push({ tone: 'bad', text: `NOT VERIFIED: ${runs - runsVerified} of ${runs} runs have wrong counts` });
  } else if (runs > 0) {
    const text = `verified: ${runsVerified} of ${runs} runs, every word`;
    lines.push({ tone: verified ? 'good' : 'doubtful', text });
  }
  if (status !== 'complete') {
    lines.push({ tone: 'doubtful', text: `partial: ${status} after ${runs} of ${runsPlanned} runs` });
  }
  if (environment.brokerSource === 'mock')
    lines.push({ tone: 'doubtful', text: 'mock cluster: not suitable for benchmarking' });
  return lines;
}
