import { ClusterError } from '../../errors.ts';
import type { ChangelogSink } from './changelog-reader.ts';

/** Counts of a changelog partition as a Map, which has at most 2^24 words. */
export class WordMap implements ChangelogSink {
  /** Words with a count above 0. */
  readonly counts = new Map<string, number>();

  /** @throws ClusterError limit */
  set(key: Uint8Array, count: number): boolean {
    const word = Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8');
    if (count === 0) {
      this.counts.delete(word);
      return true;
    }
    try {
      this.counts.set(word, count);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ClusterError('limit', `more than ${this.counts.size} distinct words in one partition of the changelog`);
    }
    return true;
  }

  end(): number {
    let words = 0;
    for (const count of this.counts.values()) words += count;
    return words;
  }
}
