import { sectionsIn, type ReportSection } from '../../results/report-sections.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { renderTableMarkdown } from './table-markdown.ts';
import { tablesFor } from '../../results/table.ts';
import { counted, whole } from '../../numbers.ts';
import { brokerSettingsText, coresText, memoryText } from '../machine-text.ts';
import type { BenchReport } from '../../results/schema.ts';

/**
 * Renders the report for a pull request, a job summary or a wiki: verdict first, the
 * tables of each experiment, the environment in a collapsed section.
 */
export function renderMarkdown(report: BenchReport): string {
  const parts = [
    '## Consumer group benchmark',
    verdictLine(report),
    ...sectionsIn(report).flatMap(renderExperiment),
    renderEnvironment(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function verdictLine({ verdict, status, environment }: BenchReport): string {
  const { runs, runsVerified, runsPlanned, verified } = verdict;
  const wrong = runs - runsVerified;
  const facts = [
    wrong > 0
      ? `❌ **wrong counts in ${wrong} of ${counted(runs, 'run')}**`
      : `${verified ? '✅' : '⚠️'} ${runsVerified} of ${counted(runsPlanned, 'run')} verified, every word`,
    ...(status === 'complete' ? [] : [`⚠️ ${status} after ${runs} of ${counted(runsPlanned, 'run')}`]),
    ...(environment.brokerSource === 'mock' ? ['⚠️ mock cluster: not suitable for benchmarking'] : []),
  ];
  return facts.join(' · ');
}

function renderExperiment({ experiment, section }: ReportSection): string[] {
  const summary = experiment.summary(section);
  const wrong = experiment.runs(section).filter(({ verified }) => !verified).length;
  const tables = tablesFor(experiment.tables(section), 'markdown').map((table) => {
    const title = escapeMarkdown(table.title);
    const head = summary === undefined ? `### ${title}` : title;
    return [head, renderTableMarkdown(table), list(table.notes ?? [])].filter((part) => part !== '').join('\n\n');
  });
  return [
    ...(summary === undefined ? [] : [`### ${escapeMarkdown(summary)}`]),
    ...(wrong === 0 ? [] : [`❌ **${counted(wrong, 'run')} with wrong counts**`]),
    ...tables,
    list(experiment.notes(section)),
  ];
}

function list(notes: readonly string[]): string {
  return notes.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
}

function renderEnvironment({ environment, workload, startedAt, elapsedMs }: BenchReport): string {
  const { cpu, platform, node, client, librdkafka, brokers, git } = environment;
  const facts = [
    `${cpu}, ${coresText(environment)}, ${memoryText(environment)}, ${platform}`,
    `Node ${node}, Confluent client ${client}, librdkafka ${librdkafka}; ${brokers}${brokerSettingsText(environment)}`,
    `topic ${workload.topic}, ${counted(workload.partitions, 'partition')}, ${workload.corpus}, ${counted(workload.records, 'record')}`,
    ...(git === undefined
      ? []
      : [`revision ${git.revision.slice(0, 12)}${git.dirty ? ', with uncommitted changes' : ''}`]),
    `${startedAt}, ${whole(elapsedMs / 1_000)} s`,
  ];
  const list = facts.map((fact) => `- ${escapeMarkdown(fact)}`).join('\n');
  return `<details><summary>Environment</summary>\n\n${list}\n\n</details>`;
}
