/** Makes docs/compatibility.md: `npm run compatibility -- --help`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ClusterError } from '../../src/errors.ts';
import { readMachine } from '../../src/benchmark/environment.ts';
import { runTool } from '../support/run-tool.ts';
import { compatibilityPage } from './page.ts';
import { passed, projectFolder, type Row } from './row.ts';
import { managedKafkas, nodeVersions, securedCluster, stockCluster } from './set-ups.ts';

const parts = { node: nodeVersions, kafka: managedKafkas, stock: stockCluster, secured: securedCluster };
type Part = keyof typeof parts;

const command = new Command('compatibility')
  .description(
    'Runs the program on every supported version of Node and Kafka, on a cluster with stock defaults and on a secured one, ' +
      'and writes docs/compatibility.md. It takes about half an hour.',
  )
  .addOption(new Option('--only <parts...>', 'some parts, printed instead of written').choices(Object.keys(parts)));

await runTool(command, async (signal) => {
  const { only } = command.opts<{ only?: readonly Part[] }>();
  const rows: Row[] = [];
  const report = (row: Row): void => {
    rows.push(row);
    const outcome = passed(row) ? 'passed' : `FAILED (exit code ${row.exitCode ?? 'none'})\n${row.output}`;
    process.stderr.write(`${row.subject}: ${row.command}: ${outcome}, ${row.seconds.toFixed(0)} s\n`);
  };
  for (const part of only ?? (Object.keys(parts) as Part[])) await parts[part](report, signal);
  const { cpu, cores, memoryMib, platform } = readMachine({
    label: '',
    connection: { bootstrapServers: '', source: 'managed', properties: {} },
  });
  const page = compatibilityPage(rows, {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpu}, ${cores} cores, ${(memoryMib / 1_024).toFixed(1)} GiB, ${platform}`,
    command: 'npm run compatibility',
  });
  if (only === undefined) await writeFile(join(projectFolder, 'docs', 'compatibility.md'), page);
  else process.stdout.write(page);
  const failed = rows.filter((row) => !passed(row)).length;
  if (failed > 0) throw new ClusterError('verificationFailed', `${failed} of ${rows.length} commands failed`);
});
