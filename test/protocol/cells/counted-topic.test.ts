import { describe, expect, test } from 'vitest';
import { agreeOnTopic, createCountedTopic } from '../../../src/protocol/cells/counted-topic.ts';

const first = 'f0123456789abcdeffedcba987654321';
const second = 'f0123456789abcdeffedcba987654320';

describe('the topic that a group counts', () => {
  test('is the one that it was created with', () => {
    const cell = createCountedTopic(first);
    expect(agreeOnTopic(cell, second)).toBe(false);
    expect(agreeOnTopic(cell, first)).toBe(true);
  });

  test('is otherwise the first one that a member asks about, for all members', () => {
    const cell = createCountedTopic(undefined);
    expect(agreeOnTopic(cell, second)).toBe(true);
    expect(agreeOnTopic(cell, first)).toBe(false);
    expect(agreeOnTopic(cell, second)).toBe(true);
  });
});
