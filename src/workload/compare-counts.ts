/** A word that both sides have, with other counts. */
export interface CountDifference {
  readonly word: string;
  readonly count: number;
  readonly reference: number;
}

export interface CountComparison {
  /** Every word has the same count on both sides. */
  readonly equal: boolean;
  /** Words of the reference that were not counted at all; at most `listMax`, as the other lists. */
  readonly missing: readonly CountDifference[];
  /** Words that the reference does not have. */
  readonly extra: readonly CountDifference[];
  readonly different: readonly CountDifference[];
  /** How many words differ in all, listed or not. */
  readonly differing: number;
}

/**
 * Compares word by word; totals that agree prove nothing.
 * @param counts - the product's: each word once
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
    // A word that comes twice is as wrong as one that has no place.
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
