import { execFile } from 'node:child_process';
import { type } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { machineLimits } from '../config/machine-limits.ts';
import { WordcountError } from '../errors.ts';
import { renderColumns } from '../report/columns.ts';
import { coresText, memoryText } from '../report/machine-text.ts';
import type { CommandContext } from './context.ts';

/** What `node setup/main.js --facts` prints. */
const FactsSchema = z.array(
  z.object({
    name: z.string(),
    present: z.boolean(),
    found: z.string(),
    /** The command that would get it. */
    hint: z.string(),
    /** What is lost where it is missing; empty for what is needed. */
    lostWithout: z.string(),
  }),
);
type Facts = z.infer<typeof FactsSchema>;

const setupFile = join(import.meta.dirname, '..', '..', 'setup', 'main.js');
const timeoutMs = 30_000;

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description(
      'Tells what is installed, what is missing, and how to get it; exit code 1 when something needed is missing.',
    )
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const facts = await readFacts();
      context.result(json ? JSON.stringify(facts, undefined, 2) : render(facts));
      const missing = facts.filter(({ present, lostWithout }) => !present && lostWithout === '');
      if (missing.length === 0) return;
      const names = missing.map(({ name }) => name).join(', ');
      throw new WordcountError('environment', `missing: ${names}`, { hint: 'node setup/main.js gets what it can' });
    });
}

/** The set-up runs before this program is built, so the two meet at its command line and in no module. */
async function readFacts(): Promise<Facts> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [setupFile, '--facts'], { timeout: timeoutMs }, (error, stdout) => {
      // Exit code 1 says that something is missing, which the facts say better.
      if (error !== null && stdout === '') reject(new Error('the set-up does not tell', { cause: error }));
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
      title: 'FOUND, OR HOW TO GET IT',
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
