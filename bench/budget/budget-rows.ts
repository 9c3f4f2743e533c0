/** Where processor time was spent, in the order of a record's way. */
export const budgetParts = [
  'kernel, threads of librdkafka',
  'kernel, other threads',
  'librdkafka: receive, check and queue',
  'batch call: read records, fill rows',
  'copies of bytes, member thread',
  'tokenizer and sums (WebAssembly)',
  'tables and journal',
  "member's turn, commits, messages",
  'V8 and Node.js',
  'other',
] as const;
export type BudgetPart = (typeof budgetParts)[number];

/** A sample of `perf script -F comm,pid,ip,sym,dso`. */
export interface PerfSample {
  readonly pid: string;
  /** The thread's name. */
  readonly thread: string;
  readonly symbol: string;
  /** The file that the symbol belongs to, as perf names it. */
  readonly file: string;
}

const line = /^\s*(?<thread>.+?)\s+(?<pid>\d+)\s+[0-9a-f]+ (?<symbol>.*) \((?<file>[^()]*(?:\([^()]*\))?[^()]*)\)\s*$/;

/** @returns undefined for a line that is not a sample */
export function parsePerfSample(text: string): PerfSample | undefined {
  const { thread, pid, symbol, file } = line.exec(text)?.groups ?? {};
  if (thread === undefined || pid === undefined || symbol === undefined || file === undefined) return undefined;
  return { thread, pid, symbol, file };
}

/** Pure. */
export function partOf({ thread, symbol, file }: PerfSample): BudgetPart {
  const ofLibrdkafka = thread.startsWith('rdk:');
  if (file.startsWith('[kernel') || file.startsWith('[guest.kernel') || file === '[vdso]')
    return ofLibrdkafka ? 'kernel, threads of librdkafka' : 'kernel, other threads';
  if (ofLibrdkafka) return 'librdkafka: receive, check and queue';
  if (/mem(?:cpy|move|set)/.test(symbol)) return 'copies of bytes, member thread';
  if (/wasm/i.test(symbol)) return 'tokenizer and sums (WebAssembly)';
  if (symbol.includes('/dist/count/')) return 'tables and journal';
  if (symbol.includes('/dist/')) return "member's turn, commits, messages";
  if (/confluent-kafka-javascript\.node|librdkafka\.so/.test(file)) return 'batch call: read records, fill rows';
  if (/\/node$|perf-\d+\.map|libc\.so|libstdc\+\+|ld-linux/.test(file)) return 'V8 and Node.js';
  return 'other';
}

export interface BudgetRow {
  readonly part: BudgetPart;
  readonly samples: number;
  /** Of all samples. */
  readonly share: number;
  readonly nsPerRecord: number;
}

export interface ProfiledRun {
  readonly samples: readonly PerfSample[];
  readonly records: number;
}

/**
 * What the records of `run` cost beyond those of `short`, so that the start of the program is left
 * out. Pure.
 * @param hz - samples of a second of processor time
 * @returns parts without a sample are omitted
 */
export function budgetRows(run: ProfiledRun, short: ProfiledRun, hz: number): BudgetRow[] {
  const counts = countParts(run.samples);
  const shortCounts = countParts(short.samples);
  const total = run.samples.length - short.samples.length;
  const records = run.records - short.records;
  return budgetParts.flatMap((part) => {
    const samples = (counts.get(part) ?? 0) - (shortCounts.get(part) ?? 0);
    if (samples === 0) return [];
    return [{ part, samples, share: samples / total, nsPerRecord: (samples / hz / records) * 1e9 }];
  });
}

function countParts(samples: readonly PerfSample[]): Map<BudgetPart, number> {
  const counts = new Map<BudgetPart, number>();
  for (const sample of samples) {
    const part = partOf(sample);
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}
