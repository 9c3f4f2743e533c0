import { curveNotes, precisionText } from '../curve-text.ts';
import { efficiencyNotes, efficiencyText } from '../../results/efficiency.ts';
import { intervalNotes, isSupported } from '../../results/intervals.ts';
import type { LatencyReport } from '../../benchmark/experiments/latency/latency-schema.ts';
import { whole } from '../../results/numbers.ts';
import { supportedPercentiles } from '../../benchmark/experiments/latency/percentile-support.ts';
import { brokerSettingsText, coresText, memoryText } from '../machine-text.ts';
import type { RebalanceReport } from '../../benchmark/experiments/rebalance/rebalance-schema.ts';
import { causeNames } from '../rebalance-text.ts';
import type { BenchReport, ScalingReport } from '../../results/schema.ts';

/**
 * Report for a pull request, a job summary or a wiki: verdict first, one table per lane, the
 * environment folded away.
 */
export function renderMarkdown(report: BenchReport): string {
  const parts = [
    '## Consumer group benchmark',
    verdictLine(report),
    ...report.lanes.flatMap(({ lane }) => renderLane(report, lane)),
    ...(report.latency === undefined ? [] : renderLatency(report.latency)),
    ...(report.rebalance === undefined ? [] : renderRebalances(report.rebalance)),
    ...(report.precision === undefined ? [] : [escaped(precisionText(report.precision))]),
    renderEnvironment(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function verdictLine({ verdict, status, environment }: BenchReport): string {
  const { runs, runsVerified, runsPlanned, verified } = verdict;
  const wrong = runs - runsVerified;
  const facts = [
    wrong > 0
      ? `❌ **${wrong} of ${runs} runs with wrong counts**`
      : `${verified ? '✅' : '⚠️'} ${runsVerified} of ${runsPlanned} runs verified, every word`,
    ...(status === 'complete' ? [] : [`⚠️ ${status} after ${runs} of ${runsPlanned} runs`]),
    ...(environment.brokerSource === 'mock' ? ['⚠️ mock cluster: not suitable for benchmarking'] : []),
  ];
  return facts.join(' · ');
}

function renderLane(report: BenchReport, lane: ScalingReport['lane']): string[] {
  const points = report.scaling.filter((point) => point.lane === lane);
  if (points.length === 0) return [];
  const rows = points.map((point) => {
    const { low, high } = point.intervals.recordsPerSecond;
    return [
      String(point.members),
      whole(point.recordsPerSecond),
      point.runs < 2
        ? ''
        : `${whole(low)} to ${whole(high)}${isSupported(point.intervals.recordsPerSecond) ? '' : ' (range)'}`,
      `${point.speedup.toFixed(2)}x`,
      efficiencyText(point),
      point.cpuMicrosPerRecord.toFixed(2),
      whole(point.joinMs),
    ];
  });
  const titles = ['members', 'records/s', 'interval', 'speed-up', 'efficiency', 'CPU µs/record', 'join ms'];
  const table = renderTable(titles, rows);
  const lines = [...intervalNotes(points), ...efficiencyNotes(points), ...curveNotes(report, lane)];
  const notes = lines.map((line) => `- ${escaped(line)}`);
  return [`### ${lane}`, table, notes.join('\n')];
}

/** Latencies from the scheduled time to the count. */
function renderLatency({ points, ratePerSecond, capacity = [] }: LatencyReport): string[] {
  const rows = points.map(({ members, correctedMs }) => {
    const { p50, p90, p99, p99_9, p99_99 } = supportedPercentiles(correctedMs);
    const { max, count } = correctedMs;
    const cells = [p50, p90, p99, p99_9, p99_99, max].map((value) => value?.toFixed(2) ?? '-');
    return [String(members), ...cells, whole(count)];
  });
  const titles = ['members', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'p99.99 ms', 'max ms', 'records'];
  const notes = capacity.map(({ members, p99MsBound, ratePerSecond: rate }) => {
    const found = rate === undefined ? 'no rate met' : `${whole(rate)} records/s met`;
    return `- capacity, members: ${members}: ${found} p99 ${p99MsBound} ms`;
  });
  return [`### latency at ${whole(ratePerSecond)} records/s`, renderTable(titles, rows), notes.join('\n')];
}

function renderRebalances({ rows, ratePerSecond, verified }: RebalanceReport): string[] {
  const cells = rows.map(({ protocol, cause, fromMembers, toMembers, settleMs, moved, gapsMs, refetched }) => [
    protocol,
    causeNames[cause],
    `${fromMembers} to ${toMembers}`,
    ...[settleMs, moved, gapsMs.p50, gapsMs.max, refetched].map(whole),
  ]);
  const titles = ['protocol', 'cause', 'members', 'settled ms', 'moved', 'gap p50 ms', 'gap max ms', 're-fetched'];
  return [
    `### rebalances at ${whole(ratePerSecond)} records/s`,
    ...(verified ? [] : ['❌ **wrong counts**']),
    renderTable(titles, cells),
  ];
}

function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function renderEnvironment({ environment, workload, startedAt, elapsedMs }: BenchReport): string {
  const { cpu, platform, node, client, librdkafka, brokers, git } = environment;
  const facts = [
    `${cpu}, ${coresText(environment)}, ${memoryText(environment)}, ${platform}`,
    `Node ${node}, Confluent client ${client}, librdkafka ${librdkafka}; ${brokers}${brokerSettingsText(environment)}`,
    `topic ${workload.topic}, ${workload.partitions} partitions, ${workload.corpus}, ${whole(workload.records)} records`,
    ...(git === undefined
      ? []
      : [`revision ${git.revision.slice(0, 12)}${git.dirty ? ', with uncommitted changes' : ''}`]),
    `${startedAt}, ${whole(elapsedMs / 1_000)} s`,
  ];
  const list = facts.map((fact) => `- ${escaped(fact)}`).join('\n');
  return `<details><summary>Environment</summary>\n\n${list}\n\n</details>`;
}

/** Names of topics and files are text, never markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
