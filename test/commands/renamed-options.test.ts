import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommand } from '../../src/commands/options/add-command.ts';
import { defineOption } from '../../src/config/options/option.ts';
import { noEffect } from '../../src/config/options/rules.ts';
import { anyText } from '../../src/config/options/values.ts';

const options = {
  eventLog: defineOption({ flag: '--event-log <file>', help: 'h', value: anyText, renamedFrom: '--old-log <file>' }),
};

/**
 * Parses a command line. @returns the value of the option, what went to stderr, and the help text
 */
async function parsed(...args: string[]): Promise<{ eventLog: string | undefined; errors: string; help: string }> {
  const program = new Command().exitOverride();
  let [errors, eventLog] = ['', undefined as string | undefined];
  const command = addCommand(program, {
    ...{ name: 'run', description: 'd', options },
    rules: [noEffect(['eventLog'], 'here', ({ eventLog: file }) => file === 'useless')],
    run: (flags) => {
      eventLog = flags.eventLog;
    },
  }).configureOutput({
    writeErr: (text) => {
      errors += text;
    },
  });
  await program.parseAsync(['run', ...args], { from: 'user' });
  return { eventLog, errors, help: command.helpInformation() };
}

test('a renamed option accepts its former flag with a warning, and help lists only the new one', async () => {
  expect(await parsed('--event-log', 'a')).toMatchObject({ eventLog: 'a', errors: '' });
  const { help, ...rest } = await parsed('--old-log', 'a');
  expect(rest).toEqual({
    eventLog: 'a',
    errors: 'warning: --old-log is now --event-log; the next release removes --old-log\n',
  });
  expect(help).toContain('--event-log');
  expect(help).not.toContain('--old-log');
});

test('rules see an option that is given by its former flag', async () => {
  await expect(parsed('--old-log', 'useless')).rejects.toThrow('--event-log has no effect here');
});

test('both flags of a renamed option together are refused', async () => {
  await expect(parsed('--old-log', 'a', '--event-log', 'b')).rejects.toThrow('are the same option');
});
