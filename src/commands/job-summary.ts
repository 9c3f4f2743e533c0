import { statSync } from 'node:fs';
import { appendToFile } from '../output/write-file.ts';
import type { CommandContext } from './context.ts';

/** GitHub rejects the whole summary of a step when it is larger. */
const summaryBytesMax = 1_048_576;

/** Appends to the summary of a GitHub job, if there is one. A failure is only a warning. */
export async function appendJobSummary(markdown: string, context: CommandContext): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path === '') return;
  try {
    const usedBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (usedBytes + Buffer.byteLength(markdown) > summaryBytesMax) {
      context.warn(`not added to GITHUB_STEP_SUMMARY: it would exceed GitHub's limit of 1 MiB`);
      return;
    }
    await appendToFile(path, markdown);
  } catch (error) {
    context.warn(`can't append to GITHUB_STEP_SUMMARY: ${error instanceof Error ? error.message : String(error)}`);
  }
}
