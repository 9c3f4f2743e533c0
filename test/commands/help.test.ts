import { expect, test } from 'vitest';
import { allCommands, loadedProgram } from './command-line.ts';

/** The help of every command in a terminal of that many columns, at which commander wraps. */
async function helpTexts(columns: number): Promise<string[]> {
  return allCommands((await loadedProgram()).command).map(([words, command]) => {
    let text = '';
    command.configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
      getOutHelpWidth: () => columns,
      getOutHasColors: () => false,
    });
    command.outputHelp();
    return `$ ${['consumer-cluster', words, '--help'].filter((word) => word !== '').join(' ')}\n\n${text}`;
  });
}

test('help texts equal the file for review', async () => {
  await expect((await helpTexts(120)).join('\n\n')).toMatchFileSnapshot('__snapshots__/help.txt');
});

test('options fit into a terminal of 80 columns', async () => {
  const long = (await helpTexts(80)).flatMap((text) => {
    const [, options = ''] = /^Options:\n(.*?)\n\n/ms.exec(text) ?? [];
    return options.split('\n').filter((line) => line.length > 80);
  });
  expect(long).toEqual([]);
});
