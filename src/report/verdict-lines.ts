import type { BenchReport } from '../results/schema.ts';
import { counted } from '../numbers.ts';

export interface VerdictLine {
  readonly tone: 'good' | 'doubtful' | 'bad';
  readonly text: string;
}

/** Lines to show before any results, most severe first; empty only for a report without runs. */
export function verdictLines({ verdict, status, environment }: BenchReport): VerdictLine[] {
  const { verified, runs, runsVerified, runsPlanned } = verdict;
  const lines: VerdictLine[] = [];
  if (runsVerified < runs) {
    lines.push({
      tone: 'bad',
      text: `NOT VERIFIED: wrong counts in ${runs - runsVerified} of ${counted(runs, 'run')}`,
    });
  } else if (runs > 0) {
    const text = `verified: ${runsVerified} of ${counted(runs, 'run')}, every word`;
    lines.push({ tone: verified ? 'good' : 'doubtful', text });
  }
  if (status !== 'complete') {
    lines.push({ tone: 'doubtful', text: `partial: ${status} after ${runs} of ${counted(runsPlanned, 'run')}` });
  }
  if (environment.brokerSource === 'mock')
    lines.push({ tone: 'doubtful', text: 'mock cluster: not suitable for benchmarking' });
  return lines;
}
