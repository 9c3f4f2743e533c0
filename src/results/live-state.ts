/** State of one group in the live view. */
export interface GroupView {
  readonly name: string;
  readonly members: readonly {
    readonly memberId: number;
    readonly phase: string;
    readonly partitions: readonly number[];
    readonly recordsPerSecond: number;
  }[];
  readonly records: number;
  readonly recordsPerSecond: number;
  /** Number of records in the topic that the group has not counted yet. */
  readonly lag: number;
  /** Number of late writes that tables refused. */
  readonly refused: number;
  readonly topWords: readonly { readonly word: string; readonly count: number }[];
}

export interface LiveView {
  readonly elapsedMs: number;
  readonly produced: number;
  readonly producedPerSecond: number;
  readonly groups: readonly GroupView[];
}

/** State of the one group of `counts --follow`. */
export interface FollowView extends Omit<GroupView, 'name' | 'lag' | 'topWords'> {
  readonly topic: string;
  readonly elapsedMs: number;
  /** Number of records between the counted offsets and the topic's end; undefined while the end is unknown. */
  readonly lag: number | undefined;
  /** Undefined for tables that are too large to be read while members write. */
  readonly topWords: GroupView['topWords'] | undefined;
}
