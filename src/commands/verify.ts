import assert from 'node:assert/strict';
import type { Command } from 'commander';
import type { Connection } from '../config/connection.ts';
import { ClusterError } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import { counted, whole } from '../numbers.ts';
import { renderVerify } from '../report/verify-text.ts';
import { parseCountsFile, type CountsFile } from '../workload/counts-file.ts';
import { verifyCounts } from '../workload/verify-counts.ts';
import type { CommandContext } from './context.ts';
import { addCommand } from './options/add-command.ts';
import { connectionRules } from './options/connection-options.ts';
import { inputName, readInput } from './read-input.ts';
import { verifyOptions, verifyRules, type VerifyFlags } from './verify-options.ts';
import { withBrokers } from './with-brokers.ts';

type CountsFlags = VerifyFlags & { readonly topic: string; readonly counts: string };

const helpText = `The file must contain all words: run \`counts\` without --top. If the file names offsets, exactly
these are recounted.
Exit codes: 0 every word is equal, 3 words differ, 1 no verdict, because records have been deleted
or compacted since the count or an open transaction holds them back.
With --changelog, the counts, offsets and digests that a group counted with \`counts --durable\` has
in its changelog are compared with its committed offsets and with a recount of the topic up to these
offsets; its processes may count meanwhile.

Examples:
  consumer-cluster counts --topic books --format tsv --output words.tsv
  consumer-cluster verify --topic books --counts words.tsv
  consumer-cluster verify --changelog --group books-count`;

export function registerVerify(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'verify',
    description:
      'Recounts a topic with another Kafka client and another tokenizer, and compares every word with a file.',
    options: verifyOptions,
    rules: [...connectionRules, ...verifyRules],
    helpText,
    run: (flags) => run(flags, context),
  });
}

async function run(flags: VerifyFlags, context: CommandContext): Promise<void> {
  const { topic, counts: path, changelog, group } = flags;
  if (changelog && group !== undefined) {
    // Loaded here, so that --help loads no decompression.
    const { verifyDurableGroup } = await import('./verify-durable-group.ts');
    await withBrokers(flags, context, ({ connection }) => verifyDurableGroup({ ...flags, group }, connection, context));
    return;
  }
  // The rules refuse a command line without them.
  assert(topic !== undefined && path !== undefined);
  const counts = inputName(path);
  // An invalid file is reported before any broker is contacted.
  const file = parseCountsFile(await readInput(path, '--counts'), counts);
  await withBrokers(flags, context, ({ connection }) => verify({ ...flags, topic, counts }, file, connection, context));
}

async function verify(
  flags: CountsFlags,
  { counts, coverage }: CountsFile,
  connection: Connection,
  context: CommandContext,
): Promise<void> {
  const { topic, timeout: timeoutMs, tokenizer } = flags;
  let total = 0;
  const verified = await verifyCounts({
    ...{ connection, topic, counts, coverage, name: flags.counts, tokenizer, timeoutMs, listMax: flags.show },
    signal: context.signal,
    onRange: (range, present) => {
      total = offsetsIn(range);
      reportRange(flags, range, present, context);
    },
    onProgress: (records) => {
      context.live(`recounting ${topic}: ${whole(records)} of ${counted(total, 'record')}`);
    },
  });
  context.endLive({ clear: true });
  context.result(renderVerify({ topic, ...verified }));
  if (verified.equal) return;
  throw new ClusterError(
    'verificationFailed',
    `${counted(verified.differing, 'word')} ${verified.differing === 1 ? 'differs' : 'differ'} between ${flags.counts} and topic ${topic}`,
  );
}

function reportRange(
  { topic, counts }: CountsFlags,
  range: TopicRange,
  present: TopicRange,
  context: CommandContext,
): void {
  if (range.heldBack.length > 0) context.warn(renderHeldBack(topic, range.heldBack));
  const since = offsetsIn({ ...present, beginOffsets: range.endOffsets });
  if (since === 0) return;
  const were = since === 1 ? 'was' : 'were';
  context.log(`${counted(since, 'offset')} ${were} added after ${counts} was written: not counted`);
}

function offsetsIn({ beginOffsets, endOffsets }: Pick<TopicRange, 'beginOffsets' | 'endOffsets'>): number {
  return endOffsets.reduce((sum, end, partition) => sum + end - (beginOffsets[partition] ?? 0), 0);
}
