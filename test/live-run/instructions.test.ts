import { expect, test } from 'vitest';
import { parseInstruction } from '../../src/live-run/instructions.ts';

test.each([
  ['add a', { type: 'add', group: 'A' }],
  [' kill A0 ', { type: 'kill', group: 'A', member: 0 }],
  ['drain b12', { type: 'drain', group: 'B', member: 12 }],
  ['kill-broker 1', { type: 'killBroker', nodeId: 1 }],
  ['restart-broker 2', { type: 'restartBroker', nodeId: 2 }],
  ['status', { type: 'status' }],
  ['stop', { type: 'stop' }],
])('%s', (line, expected) => {
  expect(parseInstruction(line)).toEqual(expected);
});

test.each(['', 'kill', 'kill A', 'kill C0', 'add', 'add A0', 'stop now', 'kill A0 now', 'kill-broker x', 'dance'])(
  'refuses %j',
  (line) => {
    expect(parseInstruction(line)).toBeUndefined();
  },
);
