import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientIdIn, transactionalIdOf } from '../../src/kafka/transactional-id.ts';

/** Ids that resemble each other's parts. */
const groupId = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', ':', '-', '0', '1') });
const run = fc.stringMatching(/^[0-9a-f]{8}$/);

test('a transactional id belongs to exactly one group, whatever colons and prefixes the ids have', () => {
  fc.assert(
    fc.property(groupId, groupId, fc.nat({ max: 100 }), run, (owner, other, memberId, suffix) => {
      const clientId = `${owner}-${memberId}-${suffix}`;
      const id = transactionalIdOf(owner, clientId);
      expect(clientIdIn(id, owner)).toBe(clientId);
      if (other !== owner) expect(clientIdIn(id, other)).toBeUndefined();
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['a', 'a:a-0'],
  ['a', 'a:a-0-1'],
  ['a', 'ab'],
  ['a', 'a-0-1'],
])('group %s does not own the id of group %s', (group, owner) => {
  const id = transactionalIdOf(owner, `${owner}-1-0123abcd`);
  expect(clientIdIn(id, group)).toBeUndefined();
  expect(clientIdIn(id, owner)).toBe(`${owner}-1-0123abcd`);
});

test('ids of other programs belong to no group', () => {
  for (const id of ['a', 'consumer-cluster:a', 'consumer-cluster:a:b', 'consumer-cluster:a:a-x-1']) {
    expect(clientIdIn(id, 'a')).toBeUndefined();
  }
});
