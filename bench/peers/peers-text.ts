import { renderColumns, type AlignedColumn } from '../../src/report/columns.ts';
import { peerLanes, type PeerLane } from './peer.ts';
import type { PeerRow, PeersReport } from './peers-report.ts';

const headings: Readonly<Record<PeerLane, string>> = {
  produce: 'Producing: every record acknowledged by all replicas, by one thread',
  drain: 'Draining: every record read, nothing done with it',
  count: 'Counting: every word of every record',
};

/** Renders the report for the terminal. Pure. */
export function renderPeers(report: PeersReport): string {
  const lanes = peerLanes.flatMap((lane) => {
    const rows = report.rows.filter((row) => row.lane === lane);
    return rows.length === 0 ? [] : [`${headings[lane]}\n${renderRows(rows)}`];
  });
  const parts = [
    ...lanes,
    renderRatios(report),
    renderBounds(report),
    renderDurability(report),
    renderFailures(report),
    renderSettings(report),
    renderFoot(report),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function renderRows(rows: readonly PeerRow[]): string {
  return table(rows, [
    ['row', 'left', ({ name }) => name],
    ['program', 'left', ({ title }) => title],
    ['members', 'right', ({ members }) => String(members)],
    ['records/s', 'right', ({ recordsPerSecond }) => whole(recordsPerSecond?.median)],
    ['from', 'right', ({ recordsPerSecond }) => whole(recordsPerSecond?.ci95[0])],
    ['to', 'right', ({ recordsPerSecond }) => whole(recordsPerSecond?.ci95[1])],
    ['CPU us', 'right', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord?.toFixed(3) ?? '-'],
    ['peak MiB', 'right', ({ peakRssMib }) => whole(peakRssMib ?? undefined)],
    ['exact', 'left', ({ verified, failures }) => (verified ? 'yes' : failures.length > 0 ? 'FAILED' : 'not run')],
  ]);
}

function renderRatios({ ratios }: PeersReport): string {
  if (ratios.length === 0) return '';
  const text = table(ratios, [
    ['records/s of ours to theirs', 'left', ({ name }) => name],
    ['ours', 'left', ({ ours }) => ours],
    ['ratio', 'right', (ratio) => ratio.median.toFixed(2)],
    ['from', 'right', ({ ci95 }) => ci95[0].toFixed(2)],
    ['to', 'right', ({ ci95 }) => ci95[1].toFixed(2)],
    ['goal', 'right', ({ atLeast }) => String(atLeast)],
    ['reached', 'left', ({ reached }) => (reached ? 'yes' : 'no')],
  ]);
  return `Ratios, taken within each repetition\n${text}`;
}

function renderBounds({ bounds }: PeersReport): string {
  if (bounds.length === 0) return '';
  return table(bounds, [
    ['bound', 'left', ({ name }) => name],
    ['row', 'left', ({ row }) => row],
    ['value', 'right', ({ value }) => value.toFixed(2)],
    ['at most', 'right', ({ atMost }) => String(atMost)],
    ['reached', 'left', ({ reached }) => (reached ? 'yes' : 'no')],
  ]);
}

/** What remains different between rows that both keep counts in Kafka. */
function renderDurability({ rows }: PeersReport): string {
  const has = (prefix: string): boolean => rows.some(({ name }) => name.startsWith(prefix));
  if (!has('ours-durable-') || !has('streams-')) return '';
  return [
    'ours, durable, and Streams exactly-once v2 commit counts and offsets in one transaction, every 1 s.',
    'Streams sends every word to the partition of its key first, so each word has one count in the topic.',
    'Ours counts where it reads: a word has one count in each partition, and readers of the changelog add them.',
    'The clock of Streams stops when the last count is in the log, that of ours when the last transaction is complete.',
  ].join('\n');
}

function renderFailures({ rows, skipped }: PeersReport): string {
  const failed = rows.flatMap(({ name, failures }) => failures.map((failure) => `FAILED ${name}, ${failure}`));
  return [...failed, ...skipped.map(({ name, why }) => `left out: ${name}: ${why}`)].join('\n');
}

/** Rows with the same settings share a line. */
function renderSettings({ rows }: PeersReport): string {
  const namesBySettings = new Map<string, string[]>();
  for (const { name, settings } of rows) {
    const text = Object.entries(settings)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    namesBySettings.set(text, [...(namesBySettings.get(text) ?? []), name]);
  }
  const lines = [...namesBySettings].map(([settings, names]) => `  ${names.join(', ')}: ${settings}`);
  return ['Settings in effect', ...lines].join('\n');
}

function renderFoot({ environment, workload, repetitions, seed, rows, partial }: PeersReport): string {
  const coverage = rows.find(({ recordsPerSecond }) => recordsPerSecond !== null)?.recordsPerSecond?.coverage ?? 0;
  const percent = (coverage * 100).toFixed(coverage < 0.95 ? 0 : 1);
  const mib = (workload.bytes / 2 ** 20).toFixed(0);
  const failed = rows.filter(({ failures }) => failures.length > 0).length;
  const exact = rows.filter(({ verified }) => verified).length;
  return [
    `${workload.records.toLocaleString('en-US')} records, ${mib} MiB, ${workload.partitions} partitions, ${workload.corpus}`,
    `medians over ${repetitions} repetition(s); from and to hold the median with ${percent} %; seed ${seed}`,
    'the clock runs from the assignment of the whole group to the last record; CPU is of the whole process meanwhile',
    `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, ${environment.brokers}`,
    partial ? 'INTERRUPTED: of the runs until then' : '',
    `${exact} of ${rows.length} rows exact${failed === 0 ? '' : `, ${failed} FAILED`}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function whole(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en-US');
}

type TextColumn<Row> = readonly [title: string, align: AlignedColumn['align'], cell: (row: Row) => string];

function table<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  return renderColumns(columns.map(([title, align, cell]) => ({ title, align, cells: rows.map(cell) })));
}
