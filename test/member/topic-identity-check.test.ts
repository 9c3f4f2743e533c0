import { expect, test } from 'vitest';
import { TopicIdentityCheck } from '../../src/member/topic-identity-check.ts';
import { createCountedTopic } from '../../src/protocol/cells/counted-topic.ts';

const first = '0'.repeat(31) + '1';
const second = '0'.repeat(31) + '2';

function memberOn(countedTopic: SharedArrayBuffer): { report: (id: string | null) => void; check: () => void } {
  let topicId: string | null = '';
  const member = new TopicIdentityCheck('books', countedTopic, { topicId: () => topicId });
  const report = (id: string | null): void => void (topicId = id);
  return {
    report,
    check: () => {
      member.check();
    },
  };
}

test('a member counts the topic that the group counts, and trusts brokers that report no ids', () => {
  const cell = createCountedTopic(undefined);
  const [one, other] = [memberOn(cell), memberOn(cell)];
  one.check();
  one.report(first);
  one.check();
  other.report(first);
  other.check();
});

test('rejects a recreated topic of the same name, in a running member and in a later one', () => {
  const cell = createCountedTopic(undefined);
  const [one, late] = [memberOn(cell), memberOn(cell)];
  one.report(first);
  one.check();
  late.report(second);
  expect(() => {
    late.check();
  }).toThrow(/'books' was deleted and recreated/);
  one.report(second);
  expect(() => {
    one.check();
  }).toThrow(/recreated/);
});

test('rejects a topic whose id has changed since the first batch', () => {
  const member = memberOn(createCountedTopic(first));
  member.report(null);
  expect(() => {
    member.check();
  }).toThrow(/recreated/);
});
