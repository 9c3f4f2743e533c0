import type { RunReport } from './report-parts.ts';
import { counted } from '../numbers.ts';

type Accounting = RunReport['accounting'];

/** What a run has counted: a part of the snapshot of its group. */
interface Counted {
  readonly records: number;
  readonly partitions: readonly {
    readonly partition: number;
    readonly nextOffset: number;
    readonly records: number;
  }[];
  readonly members: readonly {
    readonly meter: Readonly<Record<'recordsBelowNext' | 'recordsNotOwned' | 'batchesFenced', number>>;
  }[];
}

/** What it should have counted; the index of the offsets is the partition. */
interface Expected {
  readonly beginOffsets: readonly number[];
  /** Exclusive. */
  readonly endOffsets: readonly number[];
  readonly reference: { readonly records: number };
}

/**
 * Pure: accounts for every produced record, from tables and meters after the end of a run. A table
 * contains the records of [begin, nextOffset). Records in excess of these offsets were counted
 * twice; offsets from nextOffset to the end are lost. The remainder is everything else, for example
 * a gap before nextOffset.
 */
export function accountingOf(snapshot: Counted, target: Expected): Accounting {
  const { beginOffsets, endOffsets, reference } = target;
  const countedTwice: Accounting['countedTwice'] = [];
  const lost: Accounting['lost'] = [];
  for (const { partition, nextOffset, records } of snapshot.partitions) {
    const excess = records - (nextOffset - (beginOffsets[partition] ?? 0));
    if (excess > 0) countedTwice.push({ partition, records: excess });
    const end = endOffsets[partition] ?? 0;
    if (nextOffset < end) lost.push({ partition, fromOffset: nextOffset, toOffset: end });
  }
  const twice = countedTwice.reduce((sum, { records }) => sum + records, 0);
  const missing = lost.reduce((sum, { fromOffset, toOffset }) => sum + toOffset - fromOffset, 0);
  const ofMembers = (slot: 'recordsBelowNext' | 'recordsNotOwned' | 'batchesFenced'): number =>
    snapshot.members.reduce((sum, { meter }) => sum + meter[slot], 0);
  return {
    produced: reference.records,
    counted: snapshot.records,
    countedTwice,
    lost,
    remainder: reference.records - snapshot.records - missing + twice,
    refused: {
      alreadyCounted: ofMembers('recordsBelowNext'),
      notOwner: ofMembers('recordsNotOwned'),
      fencedBatches: ofMembers('batchesFenced'),
    },
  };
}

/** Pure: one line per discrepancy; empty when every record was counted exactly once. */
export function accountingDifferences({ countedTwice, lost, remainder }: Accounting): string[] {
  return [
    ...countedTwice.map(
      ({ partition, records }) => `partition ${partition}: ${counted(records, 'record')} counted twice`,
    ),
    ...lost.map(
      ({ partition, fromOffset, toOffset }) => `partition ${partition}: offsets ${fromOffset} to ${toOffset - 1} lost`,
    ),
    ...(remainder === 0 ? [] : [`${counted(remainder, 'record')} unaccounted for`]),
  ];
}
