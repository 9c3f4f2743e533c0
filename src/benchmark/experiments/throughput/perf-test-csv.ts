import type { RunReport } from '../../../results/report-parts.ts';

/** Columns of kafka-consumer-perf-test, in its format. MB means 2^20 bytes there. */
const header =
  'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';

/**
 * Renders one line per measured run, with the columns of kafka-consumer-perf-test. That tool starts
 * its clock with the consumer, so its first two rates include joining. The rates of this program
 * exclude joining and are the two fetch columns.
 */
export function renderPerfTestCsv({ runs }: { readonly runs: readonly RunReport[] }): string {
  const lines = runs.filter(({ warmUp }) => !warmUp).map(renderRun);
  return [header, ...lines].map((line) => `${line}\n`).join('');
}

function renderRun({ startedAt, bytes, records, durationMs, joinMs }: RunReport): string {
  // eslint-disable-next-line no-restricted-syntax -- the columns are dates; durations come from the report
  const openMs = Date.parse(startedAt);
  const megabytes = bytes / 2 ** 20;
  const wholeSeconds = (joinMs + durationMs) / 1_000;
  const fetchSeconds = durationMs / 1_000;
  return [
    timeText(openMs - joinMs),
    timeText(openMs + durationMs),
    megabytes.toFixed(4),
    (megabytes / wholeSeconds).toFixed(4),
    String(records),
    (records / wholeSeconds).toFixed(4),
    joinMs.toFixed(0),
    durationMs.toFixed(0),
    (megabytes / fetchSeconds).toFixed(4),
    (records / fetchSeconds).toFixed(4),
  ].join(', ');
}

/** Formats like Java's yyyy-MM-dd HH:mm:ss:SSS, in UTC. */
function timeText(ms: number): string {
  const [day = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${day} ${time.slice(0, 8)}:${time.slice(9, 12)}`;
}
