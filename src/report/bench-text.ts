import { counted } from '../numbers.ts';
import { tablesFor } from '../results/table.ts';
import { sectionsIn, type ReportSection } from '../results/report-sections.ts';
import type { BenchReport } from '../results/schema.ts';
import { painted, type TextOptions } from './colours.ts';
import { brokerSettingsText, coresText, memoryText } from './machine-text.ts';
import { failuresOf } from './named-runs.ts';
import { renderTableText } from './table-text.ts';
import { verdictLines } from './verdict-lines.ts';

/** Renders the report as text: verdict, environment, experiments, wrong counts. */
export function renderBench(report: BenchReport, options: TextOptions): string {
  const parts = [
    renderVerdict(report, options),
    renderEnvironment(report),
    ...sectionsIn(report).flatMap((section) => renderExperiment(section, options)),
    ...renderFailures(report),
  ];
  return parts.join('\n\n');
}

function renderVerdict(report: BenchReport, options: TextOptions): string {
  return verdictLines(report)
    .map(({ tone, text }) => painted(text, tone, options))
    .join('\n');
}

function renderEnvironment({ environment, workload }: BenchReport): string {
  const { cpu, platform, node, client, librdkafka, brokers } = environment;
  const machine = `${cpu}, ${coresText(environment)}, ${memoryText(environment)}, ${platform}`;
  const references = { generated: 'the generated text', recounted: 'a recount by an independent client' } as const;
  return [
    `${machine}, Node ${node}, Confluent client ${client}, librdkafka ${librdkafka}`,
    `${brokers}${brokerSettingsText(environment)}; topic ${workload.topic}, ${counted(workload.partitions, 'partition')}, ${workload.corpus}; reference: ${references[workload.reference]}`,
  ].join('\n');
}

/** An experiment without a summary consists of separate parts: each table, and each note. */
function renderExperiment({ experiment, section }: ReportSection, options: TextOptions): string[] {
  const summary = experiment.summary(section);
  const tables = tablesFor(experiment.tables(section), 'text').map((table) => renderTableText(table, options));
  const notes = experiment.notes(section);
  return summary === undefined ? [...tables, ...notes] : [[summary, ...tables, ...notes].join('\n')];
}

function renderFailures(report: BenchReport): string[] {
  return failuresOf(report).map(({ title, differences }) =>
    [title, ...differences.map((line) => `  ${line}`)].join('\n'),
  );
}
