import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { TerminalLines } from '../../src/commands/terminal-lines.ts';

/** A terminal of 80 columns. @returns what was written to it since the last call */
function terminal(): { readonly lines: TerminalLines; readonly written: () => string } {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 80, rows: 24, isTTY: true });
  const lines = new TerminalLines(stream as unknown as NodeJS.WriteStream);
  return { lines, written: () => String(stream.read() ?? '') };
}

test('the newest of the lines that were given while the package loads appears', async () => {
  const { lines, written } = terminal();
  lines.show('one');
  lines.show('two');
  expect(written()).toBe('');
  await expect.poll(written, { timeout: 60_000 }).toContain('two\n');
  lines.writeAbove('a message\n');
  expect(written()).toMatch(/a message\n.*two\n/s);
  lines.end({ clear: true });
  expect(written()).not.toContain('two');
  lines.writeAbove('another\n');
  expect(written()).toBe('another\n');
});

test('lines that end before the package is loaded stay or disappear, as asked', async () => {
  const { lines, written } = terminal();
  lines.show('kept');
  lines.end({ clear: false });
  expect(written()).toBe('kept\n');
  lines.show('cleared');
  lines.end({ clear: true });
  await import('log-update');
  await new Promise(setImmediate);
  expect(written()).not.toContain('cleared');
});
