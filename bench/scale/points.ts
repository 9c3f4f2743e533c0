/** One measured point: a topic and a group, as arguments of the program. */
export interface ScalePoint {
  readonly series: 'record size' | 'vocabulary' | 'partitions' | 'compression' | 'members';
  readonly value: string;
  readonly recordBytes: number;
  readonly records: number;
  readonly partitions: number;
  readonly members: number;
  readonly vocabulary: number;
  readonly compression: string;
}

const kibi = 1_024;
const usual = { recordBytes: 66, partitions: 4, members: 1, vocabulary: 100_000, compression: 'none' } as const;
/** Bytes of all values of a topic; enough for a run of a second or two. */
const topicBytes = 128 * kibi * kibi;

function point(series: ScalePoint['series'], value: string, changes: Partial<ScalePoint>): ScalePoint {
  const { recordBytes } = { ...usual, ...changes };
  const records = Math.max(64, Math.min(2_000_000, Math.round(topicBytes / recordBytes)));
  return { ...usual, series, value, records, ...changes };
}

/** Every point of the table in docs/performance.md; neighbouring points differ in one setting. */
export const scalePoints: readonly ScalePoint[] = [
  ...[
    { value: '16 B', recordBytes: 16 },
    { value: '66 B', recordBytes: 66 },
    { value: '1 KiB', recordBytes: kibi },
    { value: '64 KiB', recordBytes: 64 * kibi },
    { value: '1 MiB', recordBytes: kibi * kibi },
  ].map(({ value, recordBytes }) => point('record size', value, { recordBytes })),
  ...[1_000, 10_000, 100_000, 1_000_000, 10_000_000].map((vocabulary) =>
    point('vocabulary', vocabulary.toLocaleString('en-US'), { vocabulary }),
  ),
  ...[1, 4, 16, 64].map((partitions) => point('partitions', String(partitions), { partitions, members: 4 })),
  ...['none', 'gzip', 'snappy', 'lz4', 'zstd'].map((compression) =>
    point('compression', compression, { compression, recordBytes: kibi }),
  ),
  ...[1, 2, 4, 8, 16].map((members) => point('members', String(members), { members, partitions: 16 })),
];
