import type { ResolvedBrokers } from '../brokers/resolve.ts';
import { noEffect, type Rule } from '../config/options/rules.ts';
import type { Retention } from '../live-run/log-trimmer.ts';
import type { CommandContext } from './context.ts';
import type { RunFlags } from './run-options.ts';

type Flags = Pick<RunFlags, 'topic' | 'durable' | 'partitions' | 'retainMib' | 'timeout'>;

const mebibyte = 2 ** 20;

/** --retain-mib has no effect when `run` deletes nothing. */
export const retentionRules: readonly Rule<RunFlags>[] = [
  noEffect(['retainMib'], 'with --topic: a named topic keeps all records', (_, isGiven) => isGiven('topic')),
  noEffect(
    ['retainMib'],
    'with --durable, which keeps all records',
    ({ durable }, isGiven) => durable && !isGiven('topic'),
  ),
  noEffect(
    ['retainMib'],
    'with --brokers mock, which deletes old records itself',
    ({ brokers, bootstrapServer }) => brokers === 'mock' && bootstrapServer === undefined,
  ),
];

/** Named and durable topics keep all records; the mock cluster deletes old records itself. */
function isBounded({ topic, durable }: Flags, { connection }: ResolvedBrokers): boolean {
  return topic === undefined && !durable && connection.source !== 'mock';
}

/** Brokers delete whole segments: small ones release their space early. */
export function topicConfig(flags: Flags, brokers: ResolvedBrokers): Record<string, string> {
  if (!isBounded(flags, brokers)) return {};
  const bytes = Math.floor((flags.retainMib * mebibyte) / (4 * flags.partitions));
  return { 'segment.bytes': String(Math.max(mebibyte, Math.min(64 * mebibyte, bytes))) };
}

/** Deletion of counted records during the run. */
export function retentionOf(
  flags: Flags,
  brokers: ResolvedBrokers,
  context: Pick<CommandContext, 'warn'>,
): { readonly retention?: Retention } {
  if (!isBounded(flags, brokers)) return {};
  const onFailure = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    context.warn(`could not delete counted records, the topic grows: ${why}`);
  };
  const { retainMib, timeout: timeoutMs } = flags;
  return { retention: { bytes: retainMib * mebibyte, timeoutMs, onFailure } };
}
