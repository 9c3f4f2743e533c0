import { BatchSums } from '../../src/count/batch-sums.ts';
import { nowMs } from '../../src/time/clock.ts';
import { batchOf } from './sample-batch.ts';
import { scriptTexts } from './script-texts.ts';

export interface ScriptCost {
  readonly script: string;
  readonly source: string;
  readonly records: number;
  readonly words: number;
  readonly bytes: number;
  /** Sum of the best times of all batches. */
  readonly bestNs: number;
}

const fields = { stride: 2, start: 0, length: 1 } as const;
const recordsABatch = 1000;

/**
 * Tokenizes the texts of all scripts in turns, batch by batch into empty sums. The best time of each
 * batch is one that other processes have not interrupted. Most batches return after all others, so
 * the branch predictor does not learn their words.
 */
export function scriptCosts(timeMs: number): ScriptCost[] {
  const texts = scriptTexts().map(({ script, source, lines }) => {
    const { values, rows, records } = batchOf(lines);
    const sums = new BatchSums({ tokenizer: 'unicode', fields });
    sums.reserve({ valuesBytes: values.length, rowNumbers: rows.length });
    sums.values.set(values);
    sums.rows.set(rows);
    sums.addRows(0, records);
    const total = { words: sums.words, bytes: sums.bytes };
    const bestNs = Array.from({ length: Math.ceil(records / recordsABatch) }, () => Infinity);
    return { script, source, records, ...total, sums, bestNs };
  });
  const end = nowMs() + timeMs;
  do {
    for (const { sums, records, bestNs } of texts) {
      const run = (batch: number): void => {
        sums.reset();
        sums.addRows(batch * recordsABatch, Math.min(records, (batch + 1) * recordsABatch));
      };
      // Brings the tables of this text into the cache again, also for a text of one batch.
      run(bestNs.length - 1);
      for (const [batch, best] of bestNs.entries()) {
        const start = process.hrtime.bigint();
        run(batch);
        bestNs[batch] = Math.min(best, Number(process.hrtime.bigint() - start));
      }
    }
  } while (nowMs() < end);
  return texts.map(({ script, source, records, words, bytes, bestNs }) => {
    return { script, source, records, words, bytes, bestNs: bestNs.reduce((sum, best) => sum + best) };
  });
}
