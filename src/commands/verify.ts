import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Connection } from '../config/connection.ts';
import { parseChoice } from '../config/units.ts';
import { WordcountError } from '../errors.ts';
import { readTopicRange, type TopicRange } from '../kafka/topic-range.ts';
import { renderHeldBack } from '../report/held-back-text.ts';
import { renderVerify } from '../report/verify-text.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import { parseCountsFile, type CountsFile } from '../workload/counts-file.ts';
import { coveredRange, throwIfCompacted } from '../workload/covered-range.ts';
import { recount } from '../workload/recount.ts';
import type { CommandContext } from './context.ts';
import { addConnectionOptions, countOf, tokenizers, type ConnectionOptions, type Tokenizer } from './shared-options.ts';
import { withBrokers } from './with-brokers.ts';
import { whole } from '../report/numbers.ts';

interface VerifyFlags extends ConnectionOptions {
  readonly topic: string;
  readonly counts: string;
  readonly tokenizer: Tokenizer;
  readonly show: number;
}

export function registerVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description(
      'Recounts a topic with another Kafka client and another tokenizer, and compares every word with a file.',
    )
    .requiredOption('-t, --topic <name>', 'the topic that was counted')
    .requiredOption('--counts <file>', 'its counts, TSV or JSON as `counts` writes them; - is standard input')
    .option(
      '--tokenizer <name>',
      'what a word is: unicode, ascii',
      (text) => parseChoice('--tokenizer', text, tokenizers),
      'unicode',
    )
    .option('--show <count>', 'differing words of each kind to list', countOf('--show', 1, 1_000_000), 20)
    .addHelpText(
      'after',
      `
The file must hold all words: \`counts\` without --top. Where it says which offsets it covers, exactly those are recounted.
Exits with 0 when every word is equal, with 3 when not, with 1 when it can't be said: records expired or were compacted since,
or an open transaction holds them back.

Examples:
  consumer-cluster counts --topic books --format tsv --output words.tsv
  consumer-cluster verify --topic books --counts words.tsv`,
    );
  addConnectionOptions(command).action(async (flags: VerifyFlags) => {
    // A file that is no counts file shows before any broker is asked.
    const file = parseCountsFile(await readCounts(flags.counts), flags.counts);
    await withBrokers(flags, context, (brokers) => verify(flags, file, brokers.connection, context));
  });
}

async function readCounts(path: string): Promise<string> {
  try {
    return path === '-' ? await readAll(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown cause';
    throw new WordcountError('input', `can't read ${path} (--counts): ${code}`, { cause: error });
  }
}

async function verify(
  flags: VerifyFlags,
  { counts, coverage }: CountsFile,
  connection: Connection,
  context: CommandContext,
): Promise<void> {
  const { topic, timeout: timeoutMs, tokenizer } = flags;
  const present = await readTopicRange(connection, topic, timeoutMs);
  const range = coverage === undefined ? present : coveredRange(coverage, present, flags.counts);
  if (range.heldBack.length > 0) context.warn(renderHeldBack(topic, range.heldBack));
  const total = offsetsIn(range);
  const since = offsetsIn({ ...present, beginOffsets: range.endOffsets });
  if (since > 0) context.log(`${whole(since)} offsets were added since ${flags.counts} was written: they are left out`);
  const { signal } = context;
  const reference = await recount(connection, range, {
    tokenizer,
    timeoutMs,
    signal,
    onProgress: (records) => {
      context.live(`recounting ${topic}: ${whole(records)} of ${whole(total)} records`);
    },
  });
  context.endLive({ clear: true });
  if (coverage !== undefined) throwIfCompacted(coverage, reference.partitions);
  const comparison = compareCounts(counts, reference.counts, flags.show);
  context.result(
    renderVerify({
      topic,
      records: reference.records,
      words: reference.words,
      distinctWords: reference.counts.size,
      ...comparison,
    }),
  );
  if (comparison.equal) return;
  throw new WordcountError(
    'verificationFailed',
    `${comparison.differing} words differ between ${flags.counts} and topic ${topic}`,
  );
}

function offsetsIn({ beginOffsets, endOffsets }: Pick<TopicRange, 'beginOffsets' | 'endOffsets'>): number {
  return endOffsets.reduce((sum, end, partition) => sum + end - (beginOffsets[partition] ?? 0), 0);
}
