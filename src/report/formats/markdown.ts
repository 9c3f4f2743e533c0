import { sectionsIn, type ReportSection } from '../../results/report-sections.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { markdownTable, renderTableMarkdown } from './table-markdown.ts';
import { curveNotes, precisionText } from '../curve-text.ts';
import { efficiencyNotes, efficiencyText } from '../../results/efficiency.ts';
import { intervalNotes, isSupported } from '../../results/intervals.ts';
import { counted, whole } from '../../results/numbers.ts';
import { brokerSettingsText, coresText, memoryText } from '../machine-text.ts';
import type { ScalingReport } from '../../results/report-parts.ts';
import type { BenchReport } from '../../results/schema.ts';

/**
 * Renders the report for a pull request, a job summary or a wiki: verdict first, one table per
 * lane, the environment in a collapsed section.
 */
export function renderMarkdown(report: BenchReport): string {
  const parts = [
    '## Consumer group benchmark',
    verdictLine(report),
    ...report.lanes.flatMap(({ lane }) => renderLane(report, lane)),
    ...sectionsIn(report).flatMap(renderExperiment),
    ...(report.precision === undefined ? [] : [escapeMarkdown(precisionText(report.precision))]),
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
  const columns = ['members', 'records/s', 'interval', 'speed-up', 'efficiency', 'CPU µs/record', 'join ms'].map(
    (title) => ({ title, align: 'right' }) as const,
  );
  const table = markdownTable(columns, rows);
  const lines = [...intervalNotes(points), ...efficiencyNotes(points), ...curveNotes(report, lane)];
  const notes = lines.map((line) => `- ${escapeMarkdown(line)}`);
  return [`### ${lane}`, table, notes.join('\n')];
}

function renderExperiment({ experiment, section }: ReportSection): string[] {
  const wrong = experiment.runs(section).filter(({ verified }) => !verified).length;
  const notes = experiment.notes(section).map((line) => `- ${escapeMarkdown(line)}`);
  return [
    `### ${escapeMarkdown(experiment.summary(section))}`,
    ...(wrong === 0 ? [] : [`❌ **${counted(wrong, 'run')} with wrong counts**`]),
    ...experiment.tables(section).map(renderTableMarkdown),
    notes.join('\n'),
  ];
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
  const list = facts.map((fact) => `- ${escapeMarkdown(fact)}`).join('\n');
  return `<details><summary>Environment</summary>\n\n${list}\n\n</details>`;
}
