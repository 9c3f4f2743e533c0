import { expect, test } from 'vitest';
import { allCommands, loadedProgram } from './command-line.ts';

/** The columns of a terminal; commander wraps at them. */
const width = 120;

test('help texts equal the file for review', async () => {
  const texts = allCommands((await loadedProgram()).command).map(([words, command]) => {
    let text = '';
    command.configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    });
    command.outputHelp();
    return `$ ${['consumer-cluster', words, '--help'].filter((word) => word !== '').join(' ')}\n\n${text}`;
  });
  await expect(texts.join('\n\n')).toMatchFileSnapshot('__snapshots__/help.txt');
});
