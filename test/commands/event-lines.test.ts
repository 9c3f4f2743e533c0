import { expect, test } from 'vitest';
import { EventLines } from '../../src/commands/event-lines.ts';
import { ClusterError, toErrorReport, type ErrorCode } from '../../src/errors.ts';
import type { MemberId } from '../../src/protocol/ids.ts';

/** What is printed when a member ends, with this error if any. */
function printed(replaced: boolean, code?: ErrorCode): string[] {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const events = new EventLines({ log: print, warn: print, notice: (line) => lines.push(`notice: ${line}`) });
  const memberId = 2 as MemberId;
  if (code !== undefined) {
    events.print('member ', { type: 'failed', memberId, error: toErrorReport(new ClusterError(code, 'why')) });
  }
  events.print('member ', { type: 'exited', memberId, code: 1, crashed: true, replaced });
  return lines;
}

test('a member whose commit was interrupted restarts, which is not a failure', () => {
  expect(printed(true, 'commitInterrupted')).toEqual([
    'member 2 restarts: why; it continues from the last completed commit',
  ]);
});

test('only a member that is not replaced cannot continue', () => {
  expect(printed(true, 'memberFailed')).toEqual(['notice: member 2: why', 'member 2 crashed']);
  expect(printed(false, 'memberFailed')).toEqual(['notice: member 2: cannot continue: why', 'member 2 crashed']);
  expect(printed(false, 'commitInterrupted')).toEqual(['notice: member 2: cannot continue: why', 'member 2 crashed']);
});

test('a killed member has crashed, and one that the coordinator refused has not', () => {
  expect(printed(true)).toEqual(['member 2 crashed']);
  expect(printed(false, 'groupRefused')).toEqual([]);
  expect(printed(true, 'groupFull')).toEqual(['notice: member 2: why']);
});

test('an error of a check that continues says so', () => {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const events = new EventLines({ log: print, warn: print, notice: print });
  const error = new ClusterError('brokerUnavailable', 'no broker responded', { hint: 'a:1: connection refused' });
  events.print('A', { type: 'topicTrouble', error: toErrorReport(error) });
  events.print('A', { type: 'topicTrouble', error: toErrorReport(new ClusterError('topicUnavailable', 'why')) });
  expect(lines).toEqual(['no broker responded; a:1: connection refused; retrying', 'why; retrying']);
});
