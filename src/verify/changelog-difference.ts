/** What differs between the changelog, the group and the topic in one partition. */
export type ChangelogDifference =
  | {
      readonly type: 'word';
      readonly partition: number;
      readonly word: string;
      readonly changelog: number;
      readonly topic: number;
    }
  | {
      readonly type: 'total';
      readonly partition: number;
      readonly name: string;
      readonly changelog: number | bigint;
      readonly topic: number | bigint;
    }
  /** The sum of the counts is not the number of words in the progress. */
  | { readonly type: 'sum'; readonly partition: number; readonly counts: number; readonly progress: number }
  | {
      readonly type: 'committed';
      readonly partition: number;
      readonly changelog: number | undefined;
      readonly group: number | undefined;
    };
