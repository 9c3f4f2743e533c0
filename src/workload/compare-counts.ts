/** A word whose counts differ. */
export interface CountDifference {
  readonly word: string;
  readonly count: number;
  readonly reference: number;
}

export interface CountComparison {
  /** True when every word has the same count on both sides. */
  readonly equal: boolean;
  /**
   * Words of the reference that were not counted; at most `listMax` of them, as in the other lists.
   */
  readonly missing: readonly CountDifference[];
  /** Words that are not in the reference. */
  readonly extra: readonly CountDifference[];
  readonly different: readonly CountDifference[];
  /** Number of words that differ, including those that are not listed. */
  readonly differing: number;
}

/**
 * Compares word by word; equal totals prove nothing.
 * @param counts - the product's counts: each word once
 * @param listMax - bound on each list
 */
export function compareCounts(
  counts: Iterable<readonly [word: string, count: number]>,
  reference: ReadonlyMap<string, number>,
  listMax = 20,
): CountComparison {
  const lists: Record<'missing' | 'extra' | 'different', CountDifference[]> = { missing: [], extra: [], different: [] };
  let differing = 0;
  const differ = (list: CountDifference[], difference: CountDifference): void => {
    differing += 1;
    if (list.length < listMax) list.push(difference);
  };
  const seen = new Set<string>();
  for (const [word, count] of counts) {
    const expected = reference.get(word);
    // A word that occurs twice is as wrong as a word that is not in the reference.
    if (expected === undefined || seen.has(word)) differ(lists.extra, { word, count, reference: expected ?? 0 });
    else if (expected !== count) differ(lists.different, { word, count, reference: expected });
    if (expected !== undefined) seen.add(word);
  }
  if (seen.size < reference.size) {
    for (const [word, expected] of reference) {
      if (!seen.has(word)) differ(lists.missing, { word, count: 0, reference: expected });
    }
  }
  return { equal: differing === 0, ...lists, differing };
}
