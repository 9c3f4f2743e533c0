import type { BenchReport } from '../../results/schema.ts';
import { foreign, html, type Content, type Markup } from './markup.ts';
import { coresText, memoryText } from '../machine-text.ts';
import { counted, whole } from '../../numbers.ts';
import { renderFigures, type Section } from './section.ts';
import { renderHtmlTable } from './table.ts';

/** Everything that is needed to reproduce the measurement. */
export function environmentSection(report: BenchReport): Section {
  const content: Content = [
    renderFigures([
      renderTerms('Machine and programs', machineTerms(report)),
      renderTerms('Workload', workloadTerms(report)),
      renderTerms('Settings', settingTerms(report)),
    ]),
    report.lanes.map(renderProperties),
  ];
  return { id: 'environment', title: 'Environment and settings', content };
}

type Terms = readonly (readonly [term: string, meaning: Content])[];

function machineTerms({ environment, startedAt, elapsedMs }: BenchReport): Terms {
  const { cpu, platform, node, program, client, librdkafka, brokers } = environment;
  return [
    ['CPU', html`${foreign(cpu)}, ${coresText(environment)}`],
    ['memory', memoryText(environment)],
    ['system', platform],
    ['Node', node],
    ['program', `consumer-cluster ${program}`],
    ['client', `Confluent client ${client}, librdkafka ${librdkafka}`],
    ['brokers', foreign(brokers)],
    ...kafkaTerms(environment),
    ['begin', startedAt],
    ['duration', `${whole(elapsedMs / 1_000)} s, including brokers and producing`],
  ];
}

function kafkaTerms({ kafka }: BenchReport['environment']): Terms {
  if (kafka === undefined) return [];
  const { version, properties, jvmOptions } = kafka;
  const settings = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  return [
    ['Apache Kafka', foreign(version)],
    ...(settings.length === 0 ? [] : ([['broker properties', foreign(settings.join(', '))]] as const)),
    ...(jvmOptions.length === 0 ? [] : ([['broker JVM options', foreign(jvmOptions.join(' '))]] as const)),
  ];
}

function workloadTerms({ workload }: BenchReport): Terms {
  const { corpus, seed, topic, partitions, records, words, bytes, reference } = workload;
  return [
    ['corpus', foreign(corpus)],
    ...(seed === undefined ? [] : ([['seed', seed]] as const)),
    ['topic', html`${foreign(topic)}, ${counted(partitions, 'partition')}`],
    ['records', whole(records)],
    ['words', whole(words)],
    ...(bytes === undefined ? [] : ([['bytes', whole(bytes)]] as const)),
    [
      'reference',
      { generated: 'counted from the generated records', recounted: 'read back by an independent client' }[reference],
    ],
  ];
}

function settingTerms({ settings, lanes }: BenchReport): Terms {
  const listed = Object.entries(settings).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)] as const,
  );
  return [
    ...listed,
    ...lanes.map(({ lane, workUs, records }) => [lane, `${counted(records, 'record')}, ${workUs} µs each`] as const),
  ];
}

function renderTerms(title: string, terms: Terms): Markup {
  return html`<div>
    <h3>${title}</h3>
    <dl class="plain">
      ${terms.map(
        ([term, meaning]) =>
          html`<dt>${term}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>
  </div>`;
}

function renderProperties({ lane, consumerProperties }: BenchReport['lanes'][number]): Markup {
  const table = renderHtmlTable({
    caption: `Client properties of the members in lane ${lane}`,
    rows: Object.entries(consumerProperties).sort(([a], [b]) => (a < b ? -1 : 1)),
    columns: [
      { title: 'property', cell: ([name]) => name },
      { title: 'value', cell: ([, value]) => String(value) },
    ],
  });
  return html`<details>
    <summary>Client properties in lane ${lane}</summary>
    ${table}
  </details>`;
}
