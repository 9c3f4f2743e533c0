import { createHash } from 'node:crypto';
import { seededRandom } from '../../seeded-random.ts';

/**
 * Random numbers that depend on the given parts alone: on a seed and the name of a kind, for
 * example, and so not on which other kinds exist.
 * @returns a function that returns the next number in [0, 1)
 */
export function drawsOf(...parts: readonly (string | number)[]): () => number {
  return seededRandom(createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32LE());
}

/**
 * A copy in the random order that the parts and the kinds define: two kinds keep their order
 * whatever others there are.
 */
export function rankedBy<Item extends { readonly kind: string }>(
  items: readonly Item[],
  ...parts: readonly (string | number)[]
): Item[] {
  return items
    .map((item) => ({ item, rank: drawsOf(...parts, item.kind)() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
