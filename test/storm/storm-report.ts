/** The output of test/fixtures/kafka/storm.js. */
export interface StormPiece {
  readonly rounds: number;
  /** Keys are ways; `idle` is a thread without the client, one beside each. */
  readonly terminateMsMax: Readonly<Record<string, number>>;
  /**
   * Keys are ways. Longest time of a terminate() beyond twice the time without the client at the
   * same time.
   */
  readonly excessMsMax: Readonly<Record<string, number>>;
  /** Rounds by way. */
  readonly endings: Readonly<Record<string, number>>;
  /** Phases of the program's members when they were terminated. */
  readonly caughtIn: Readonly<Record<string, number>>;
  /** Mock clusters that failed an assertion of their own and were replaced. */
  readonly mockDeaths: number;
  readonly samples: readonly {
    readonly rounds: number;
    readonly seconds: number;
    readonly memoryMib: number;
    readonly threads: number;
    /**
     * Open files, but for `sources`: those that a thread was importing when it was terminated,
     * which Node leaves open.
     */
    readonly fds: number;
    readonly sources: number;
  }[];
}

export interface StormReport {
  readonly seed: number;
  /** First round of each piece; each piece has its own process. */
  readonly pieces: readonly (StormPiece & { readonly from: number })[];
}

/** Least squares: how much `y` grows with each `x`. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/**
 * Memory is judged by its second half: in the first the allocator finds its level. @returns KiB a
 * termination
 */
export function memorySlopeKib({ samples }: StormPiece): number {
  const late = samples.slice(Math.floor(samples.length / 2));
  return slope(late.map(({ rounds, memoryMib }) => [rounds, memoryMib * 1_024] as const));
}

function added(records: readonly Readonly<Record<string, number>>[], merge: (left: number, right: number) => number) {
  const total: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) total[name] = merge(total[name] ?? 0, value);
  }
  return total;
}

const list = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`)
    .join(' · ');

export function stormText({ seed, pieces }: StormReport): string {
  const rounds = pieces.reduce((sum, piece) => sum + piece.rounds, 0);
  const seconds = pieces.reduce((sum, { samples }) => sum + (samples.at(-1)?.seconds ?? 0), 0);
  const plus = (left: number, right: number): number => left + right;
  const lines = [
    `${rounds.toLocaleString('en-US')} terminations without a crash or a hang, seed ${seed}, ${seconds.toLocaleString('en-US')} s`,
    `by way: ${list(
      added(
        pieces.map(({ endings }) => endings),
        plus,
      ),
    )}`,
    `members of ours were: ${list(
      added(
        pieces.map(({ caughtIn }) => caughtIn),
        plus,
      ),
    )}`,
    `slowest terminate(), ms: ${list(
      added(
        pieces.map(({ terminateMsMax }) => terminateMsMax),
        Math.max,
      ),
    )}`,
  ];
  const deaths = pieces.reduce((sum, { mockDeaths }) => sum + mockDeaths, 0);
  if (deaths > 0) lines.push(`mock clusters that failed an assertion of their own: ${deaths}`);
  for (const piece of pieces) {
    const [first, last] = [piece.samples[0], piece.samples.at(-1)];
    const range = (name: 'memoryMib' | 'threads' | 'fds' | 'sources'): string =>
      `${first?.[name] ?? 0} to ${last?.[name] ?? 0}`;
    const name = `rounds ${piece.from} to ${piece.from + piece.rounds}`;
    const growth = `${memorySlopeKib(piece).toFixed(1)} KiB a termination in the second half`;
    lines.push(
      `${name}: anonymous memory ${range('memoryMib')} MiB (${growth}), threads ${range('threads')}, open files ${range('fds')}`,
    );
  }
  return lines.join('\n');
}
