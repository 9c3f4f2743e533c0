import { readFile } from 'node:fs/promises';
import { historyEntryOf, parseHistory, type BenchHistory } from '../results/compare/history.ts';
import { ClusterError, reasonOf, unreadable } from '../errors.ts';
import type { Output } from '../output/output.ts';
import { appendToFile } from '../output/write-file.ts';
import type { BenchReport } from '../results/schema.ts';
import type { CommandContext } from './context.ts';

/** @throws ClusterError input */
export async function readBenchHistory(path: string): Promise<BenchHistory> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error, { option: '--history' });
  }
  return parseHistory(path, text);
}

/** Appends a complete and verified bench; others would distort later comparisons. */
export async function appendHistory(
  output: Output | undefined,
  report: BenchReport,
  context: CommandContext,
): Promise<void> {
  if (output === undefined) return;
  if (report.status !== 'complete' || !report.verdict.verified) {
    context.warn(`not added to ${output.path}: the bench is incomplete or not verified`);
    return;
  }
  await output.write(() => [`${JSON.stringify(historyEntryOf(report))}\n`]);
}

/** @throws ClusterError input */
export async function appendLines(path: string, lines: readonly object[]): Promise<void> {
  try {
    await appendToFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  } catch (error) {
    throw new ClusterError('input', `can't write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
