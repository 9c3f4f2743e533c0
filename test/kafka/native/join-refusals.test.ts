import { expect, test } from 'vitest';
import { joinRefusal } from '../../../src/kafka/native/join-refusals.ts';

const properties = { 'group.protocol': 'classic', 'session.timeout.ms': 45_000 };

test.each([
  [82, 'audit', 'pass another --group, or omit --static-membership'],
  [111, 'audit', 'pass another --group, or omit --static-membership'],
  [82, 'a-0123abcd', 'omit --static-membership'],
  [30, 'audit', "grant this user READ on group 'audit', or pass another --group"],
  [
    30,
    'counts-0123abcd',
    "grant this user READ on groups whose names begin with 'counts-', or pass a --group that it may read",
  ],
  [30, 'a-0123abcd', "grant this user READ on groups whose names begin with 'a-'"],
])('error code %i of group %s names --group only where the command has it', (code, groupId, hint) => {
  const own = { ...properties, 'group.instance.id': `${groupId}-0` };
  expect(joinRefusal(code, { groupId, properties: own })?.hint).toBe(hint);
});

test.each([82, 111])('error code %i of a named process names --group-instance-id', (code) => {
  const own = { ...properties, 'group.instance.id': 'audit-2-0' };
  const { hint } = joinRefusal(code, { groupId: 'audit', properties: own }) ?? {};
  expect(hint).toBe('pass another --group-instance-id to each process');
});
