import { expect, test } from 'vitest';
import { Notices } from '../../src/commands/notices.ts';

function notices(): { readonly lines: string[]; readonly notices: Notices; pass: (ms: number) => void } {
  const lines: string[] = [];
  let atMs = 0;
  const made = new Notices((line) => lines.push(line), { repeatMs: 10_000, clock: () => atMs });
  return {
    lines,
    notices: made,
    pass: (ms) => {
      atMs += ms;
    },
  };
}

test('a notice is printed at once, and its repetitions as one line at the end', () => {
  const { lines, notices: printer } = notices();
  for (let count = 0; count < 80; count += 1) printer.notice(`member ${count % 3}: consumer: refused (81)`);
  expect(lines).toEqual(['member 0: consumer: refused (81)']);
  printer.end();
  printer.end();
  expect(lines.slice(1)).toEqual(['member 0: consumer: refused (81) (repeated 79 times)']);
});

test('notices that differ only in the times of the client are the same', () => {
  const { lines, notices: printer } = notices();
  printer.notice('A0: Connect failed: refused (after 0ms in state CONNECT) (-195)');
  printer.notice('B1: Connect failed: refused (after 7ms in state CONNECT, 3 identical error(s) suppressed) (-195)');
  printer.notice('A0: Connect failed: timed out (after 0ms in state CONNECT) (-195)');
  printer.end();
  expect(lines).toEqual([
    'A0: Connect failed: refused (after 0ms in state CONNECT) (-195)',
    'A0: Connect failed: timed out (after 0ms in state CONNECT) (-195)',
    'A0: Connect failed: refused (after 0ms in state CONNECT) (-195) (repeated 1 time)',
  ]);
});

test('a notice that continues is printed again at a bounded rate, with the number of repetitions', () => {
  const { lines, notices: printer, pass } = notices();
  for (let second = 0; second < 25; second += 1) {
    printer.notice('no broker can be reached');
    pass(1_000);
  }
  expect(lines).toEqual([
    'no broker can be reached',
    'no broker can be reached (repeated 10 times)',
    'no broker can be reached (repeated 10 times)',
  ]);
  printer.end();
  expect(lines.at(-1)).toBe('no broker can be reached (repeated 4 times)');
});
