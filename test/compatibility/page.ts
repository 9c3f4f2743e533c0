import { passed, type Row } from './row.ts';

export interface PageFacts {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
}

/** docs/compatibility.md. Pure. */
export function compatibilityPage(rows: readonly Row[], { date, machine, command }: PageFacts): string {
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const table = rows.map(
    (row) =>
      `| ${row.subject} | \`${row.command}\` | ${passed(row) ? 'passed' : failure(row)} | ${row.seconds.toFixed(0)} s |`,
  );
  return `# Compatibility

<!-- Made by \`${command}\`. Do not edit. -->

Each row is one command of the program and how it ended. \`passed\` means exit code 0 and no line of
Node's own on stderr. Run \`npm run compatibility\` to make this page on another machine.

${date}; ${machine}; ${rows.filter(passed).length} of ${rows.length} commands passed on ${subjects.length} set-ups.

| ran on | command | outcome | time |
| --- | --- | --- | ---: |
${table.join('\n')}
`;
}

function failure({ exitCode, nodeLines }: Row): string {
  if (exitCode !== 0) return `exit code ${exitCode ?? 'none'}`;
  return `Node printed ${nodeLines.length} lines on stderr`;
}
