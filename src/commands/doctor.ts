import { execFile } from 'node:child_process';
import { type } from 'node:os';
import type { Command } from 'commander';
import { machineLimits } from '../config/machine-limits.ts';
import { defineSwitch } from '../config/options/option.ts';
import { ClusterError } from '../errors.ts';
import { installation } from '../installation.ts';
import { renderColumns } from '../report/columns.ts';
import { coresText, memoryText } from '../report/machine-text.ts';
import { containedParts } from './contained-parts.ts';
import type { CommandContext } from './context.ts';
import { FactsSchema, type Facts } from './doctor-facts.ts';
import { addCommand } from './options/add-command.ts';

const timeoutMs = 30_000;

const doctorOptions = { json: defineSwitch({ flag: '--json', help: 'print JSON' }) };

export function registerDoctor(program: Command, context: CommandContext): void {
  addCommand(program, {
    name: 'doctor',
    description: 'Checks what is installed and prints how to install what is missing; exit code 1 if it is required.',
    options: doctorOptions,
    run: async ({ json }) => {
      const { setupFile } = installation;
      const facts = setupFile === undefined ? await containedParts() : await readFacts(setupFile);
      context.result(json ? JSON.stringify(facts, undefined, 2) : render(facts));
      const missing = facts.filter(({ present, lostWithout }) => !present && lostWithout === '');
      if (missing.length === 0) return;
      const names = missing.map(({ name }) => name).join(', ');
      throw new ClusterError('environment', `missing: ${names}`, {
        hint: installation.repair,
      });
    },
  });
}

/** The set-up must run before this program is built, so it is started instead of imported. */
async function readFacts(setupFile: string): Promise<Facts> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [setupFile, '--facts'], { timeout: timeoutMs }, (error, stdout) => {
      // With exit code 1 something is missing; the facts contain it.
      if (error !== null && stdout === '') reject(new Error('the set-up printed nothing', { cause: error }));
      else resolve(stdout);
    });
  });
  return FactsSchema.parse(JSON.parse(output));
}

function render(facts: Facts): string {
  const states = facts.map(({ present, lostWithout }) => (present ? 'ok' : lostWithout === '' ? 'MISSING' : 'missing'));
  const table = renderColumns([
    { title: 'WHAT', align: 'left', cells: facts.map(({ name }) => name) },
    { title: 'STATE', align: 'left', cells: states },
    {
      title: 'FOUND, OR HOW TO INSTALL IT',
      align: 'left',
      cells: facts.map((fact) => (fact.present ? fact.found : fact.hint)),
    },
  ]);
  const lost = new Set(
    facts.flatMap(({ present, lostWithout }) => (present || lostWithout === '' ? [] : [lostWithout])),
  );
  return [machineLine(), '', table, ...[...lost].map((what) => `\n${what}`)].join('\n');
}

function machineLine(): string {
  const { cores, memoryMib, machineCores, machineMemoryMib } = machineLimits();
  const limits = {
    ...{ cores, memoryMib },
    ...(machineCores > cores ? { machineCores } : {}),
    ...(machineMemoryMib > memoryMib ? { machineMemoryMib } : {}),
  };
  return `Node ${process.versions.node} on ${type()} ${process.arch}, ${coresText(limits)}, ${memoryText(limits)}`;
}
