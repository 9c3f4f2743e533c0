import { Option } from 'commander';
import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Retention } from '../scenario/log-trimmer.ts';
import type { CommandContext } from './context.ts';
import { countOf } from './shared-options.ts';

interface Options {
  readonly topic?: string;
  readonly partitions: number;
  readonly retainMib: number;
  readonly timeout: number;
}

const mebibyte = 2 ** 20;

/** --retain-mib */
export function retainOption(): Option {
  return new Option(
    '--retain-mib <mebibytes>',
    'what both groups have counted is deleted from the topic beyond this much, unless --topic names it',
  )
    .argParser(countOf('--retain-mib', 1, 1_000_000))
    .default(256);
}

/** A topic that the user named stays whole; the mock cluster drops old records without being asked. */
function isBounded({ topic }: Options, { connection }: ResolvedBrokers): boolean {
  return topic === undefined && connection.source !== 'mock';
}

/** Brokers delete whole files only: small ones, so that deleted records give their space back soon. */
export function topicConfig(options: Options, brokers: ResolvedBrokers): Record<string, string> {
  if (!isBounded(options, brokers)) return {};
  const bytes = Math.floor((options.retainMib * mebibyte) / (4 * options.partitions));
  return { 'segment.bytes': String(Math.max(mebibyte, Math.min(64 * mebibyte, bytes))) };
}

/** What `run` deletes from its topic meanwhile. */
export function retentionOf(
  options: Options,
  brokers: ResolvedBrokers,
  context: Pick<CommandContext, 'warn'>,
): { readonly retention?: Retention } {
  if (!isBounded(options, brokers)) return {};
  const onFailure = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    context.warn(`counted records could not be deleted, the topic grows: ${why}`);
  };
  const { retainMib, timeout: timeoutMs } = options;
  return { retention: { bytes: retainMib * mebibyte, timeoutMs, onFailure } };
}
