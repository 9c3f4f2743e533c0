import { expect, test } from 'vitest';
import { RestoreLines } from '../../src/commands/restore-lines.ts';
import type { Partition } from '../../src/protocol/ids.ts';
import type { RestoreProgress } from '../../src/protocol/changelog-task.ts';

const restore = (partition: number, offset: number, elapsedMs = 4_000): RestoreProgress => ({
  ...{ partition: partition as Partition, words: offset, elapsedMs },
  ...{ fromOffset: 0, offset, endOffset: 2_000_000 },
});

function linesOn(interactive: boolean): { readonly printed: string[]; readonly lines: RestoreLines } {
  const printed: string[] = [];
  const log = (line: string): void => void printed.push(line);
  return { printed, lines: new RestoreLines({ interactive, log }, 'A: ') };
}

test('a long restore has a bar on a terminal, and a completed partition still counts', () => {
  const { printed, lines } = linesOn(true);
  lines.restoring([restore(0, 900_000), restore(1, 1_000_000)]);
  lines.restored(1);
  expect(lines.live).toBe(
    'A: restoring partitions 0,1: ██████████████▌····· 72 % of the changelog, 1,900,000 counts, 475,000 words/s',
  );
  lines.restoring([restore(0, 1_500_000, 5_000)]);
  expect(lines.live).toMatch(/ 87 % of the changelog, 2,500,000 counts, 500,000 words\/s$/);
  lines.restored(0);
  expect(lines.live).toBeUndefined();
  expect(printed).toEqual([]);
});

test('without a terminal a line is printed at most every 5 s, and none about short restores', () => {
  const { printed, lines } = linesOn(false);
  lines.restoring([restore(3, 500_000, 1_900)]);
  expect(printed).toEqual([]);
  lines.restoring([restore(3, 500_000, 2_000)]);
  lines.restoring([restore(3, 1_000_000, 4_000)]);
  expect(printed).toEqual(['A: restoring partition 3: 25 % of the changelog, 500,000 counts, 250,000 words/s']);
});

test('stops showing a restore when its member loses the partition', () => {
  const { lines } = linesOn(true);
  lines.restoring([restore(0, 500_000), restore(1, 500_000)]);
  lines.restoring([restore(1, 1_000_000)]);
  expect(lines.live).toMatch(/^A: restoring partition 1: /);
  lines.restoring([]);
  expect(lines.live).toBeUndefined();
});
