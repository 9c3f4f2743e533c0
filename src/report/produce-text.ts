import { renderBar } from '../results/bar.ts';
import { counted, whole } from '../numbers.ts';

/** Result of a finished `produce`. */
export interface ProduceSummary {
  readonly topic: string;
  readonly partitions: number;
  readonly workload: string;
  readonly records: number;
  readonly bytes: number;
  readonly durationMs: number;
  /** Number of records per partition; undefined when keys determined the partition. */
  readonly perPartition: readonly number[] | undefined;
}

/** Progress of a running `produce`. */
export interface ProduceState {
  readonly topic: string;
  /** Number of records that the brokers acknowledged. */
  readonly delivered: number;
  /** Total number of records; undefined when it is not known. */
  readonly records: number | undefined;
  readonly elapsedMs: number;
}

const barWidth = 24;
const mebibyte = 2 ** 20;

/**
 * Renders one line: progress bar (if the total is known), number of records, average records per
 * second.
 */
export function renderProduceState({ topic, delivered, records, elapsedMs }: ProduceState): string {
  const rate = `${whole(perSecond(delivered, elapsedMs))} records/s`;
  if (records === undefined) return `${topic}: ${counted(delivered, 'record')}, ${rate}`;
  const bar = renderBar({ value: delivered, ideal: records, full: Math.max(1, records), width: barWidth });
  const percent = Math.floor((100 * delivered) / Math.max(1, records));
  return `${topic} ${bar} ${percent} %, ${whole(delivered)} of ${whole(records)}, ${rate}`;
}

export function renderProduced(summary: ProduceSummary): string {
  const { topic, partitions, records, bytes, durationMs, workload } = summary;
  const mib = bytes / mebibyte;
  const mibPerSecond = (mib / (durationMs / 1_000)).toFixed(1);
  const what = `produced ${counted(records, 'record')}, ${mib.toFixed(1)} MiB, to topic ${topic} (${counted(partitions, 'partition')})`;
  const speed = `${whole(perSecond(records, durationMs))} records/s, ${mibPerSecond} MiB/s`;
  return `${what}\nin ${(durationMs / 1_000).toFixed(1)} s: ${speed}; ${workload}`;
}

/** Output of `produce --json`. */
export function produceJson(summary: ProduceSummary): string {
  const { records, bytes, durationMs } = summary;
  const speeds = {
    recordsPerSecond: perSecond(records, durationMs),
    mibPerSecond: Number((bytes / mebibyte / (durationMs / 1_000)).toFixed(3)),
  };
  return `${JSON.stringify({ ...summary, durationMs: Math.round(durationMs), ...speeds }, undefined, 2)}\n`;
}

function perSecond(count: number, elapsedMs: number): number {
  return Math.round(count / (Math.max(1, elapsedMs) / 1_000));
}
