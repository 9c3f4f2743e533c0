import type { Command } from 'commander';
import { installation } from '../installation.ts';
import { renderColumns } from '../report/columns.ts';
import type { CommandContext } from './context.ts';
import { containedComponents, licenseTexts } from './license-files.ts';
import { addCommand } from './options/add-command.ts';

const rule = '='.repeat(80);

export function registerLicenses(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'licenses',
    description: 'Prints the licenses of the program and of everything that it contains.',
    options: {},
    run: () => {
      context.result(renderLicenses());
      return Promise.resolve();
    },
  });
}

/** A table of the components, then each text once, with the components that it applies to. */
function renderLicenses(): string {
  const { folder, packagesTop, licenses } = installation;
  const components = containedComponents({ program: folder, top: packagesTop, licenses });
  const table = renderColumns([
    { title: 'COMPONENT', align: 'left', cells: components.map(({ name }) => name) },
    { title: 'VERSION', align: 'left', cells: components.map(({ version }) => version) },
    { title: 'LICENSE', align: 'left', cells: components.map(({ license }) => license) },
  ]);
  const texts = [...licenseTexts(components)].map(
    ([text, names]) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text.trim()}\n`,
  );
  return [table, '', ...texts].join('\n');
}
