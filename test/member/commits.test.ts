import { expect, test } from 'vitest';
import { ClusterError } from '../../src/errors.ts';
import type { Position } from '../../src/kafka/native/consumer.ts';
import { Commits } from '../../src/member/commits.ts';

/** A client whose commits the test answers. */
function client(): { readonly sent: Position[][]; readonly commits: Commits } {
  const sent: Position[][] = [];
  const commits = new Commits(
    { commit: (positions) => void sent.push([...positions]) },
    { intervalMs: 0, clock: () => 0 },
  );
  return { sent, commits };
}

const at = (nextOffset: number): { readonly partition: number; readonly nextOffset: number }[] => [
  { partition: 0, nextOffset },
];

test('while a commit is in flight no other is sent, and then the newest one', () => {
  const { sent, commits } = client();
  commits.run(() => at(10));
  commits.run(() => at(20));
  commits.run(() => at(30));
  expect(sent).toEqual([[{ partition: 0, offset: 10 }]]);
  expect(commits.mayRelease()).toBe(false);
  commits.onAnswer({ error: undefined, positions: [{ partition: 0, offset: 10 }] });
  commits.run(() => at(30));
  expect(sent.slice(1)).toEqual([[{ partition: 0, offset: 30 }]]);
});

test('what did not move is not committed again, unless the commit failed', () => {
  const { sent, commits } = client();
  const positions = [{ partition: 0, offset: 10 }];
  commits.run(() => at(10));
  commits.onAnswer({ error: undefined, positions });
  commits.run(() => at(10));
  expect(sent).toHaveLength(1);
  expect(commits.mayRelease()).toBe(true);
  commits.run(() => at(11));
  commits.onAnswer({ error: new ClusterError('brokerUnavailable', 'lost'), positions });
  commits.run(() => at(11));
  expect(sent).toHaveLength(3);
});
