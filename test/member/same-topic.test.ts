import { expect, test } from 'vitest';
import { SameTopic } from '../../src/member/same-topic.ts';
import { createCountedTopic } from '../../src/protocol/cells/counted-topic.ts';

const first = '0'.repeat(31) + '1';
const second = '0'.repeat(31) + '2';

function memberOn(countedTopic: SharedArrayBuffer): { tell: (id: string | null) => void; check: () => void } {
  let topicId: string | null = '';
  const member = new SameTopic({ topic: 'books', countedTopic }, { topicId: () => topicId });
  const tell = (id: string | null): void => void (topicId = id);
  return {
    tell,
    check: () => {
      member.check();
    },
  };
}

test('a member counts the topic that the group counts, and brokers that tell no ids are believed', () => {
  const cell = createCountedTopic(undefined);
  const [one, other] = [memberOn(cell), memberOn(cell)];
  one.check();
  one.tell(first);
  one.check();
  other.tell(first);
  other.check();
});

test('it does not count another of the same name, neither after a change nor as a member that comes later', () => {
  const cell = createCountedTopic(undefined);
  const [one, late] = [memberOn(cell), memberOn(cell)];
  one.tell(first);
  one.check();
  late.tell(second);
  expect(() => {
    late.check();
  }).toThrow(/'books' was deleted and recreated/);
  one.tell(second);
  expect(() => {
    one.check();
  }).toThrow(/recreated/);
});

test('a topic whose id has changed is not believed, whatever the id is now', () => {
  const member = memberOn(createCountedTopic(first));
  member.tell(null);
  expect(() => {
    member.check();
  }).toThrow(/recreated/);
});
