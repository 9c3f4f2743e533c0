import type { BenchReport, RunReport } from '../schema.ts';

/**
 * JUnit XML as CI servers read it: a suite a lane, a test case a run, a failure where a run counted wrong. A bench that ended
 * early has an error of its own, so that a missing run never looks like a passed one.
 */
export function renderJunit(report: BenchReport): string {
  const suites = [...new Set(report.runs.map(({ lane }) => lane))].map((lane) => {
    const runs = report.runs.filter((run) => run.lane === lane);
    return suite(`bench ${lane}`, runs.map(renderRun), { failures: runs.filter(({ verified }) => !verified).length });
  });
  const { runs, runsPlanned } = report.verdict;
  if (runs < runsPlanned) {
    const message = `${report.status} after ${runs} of ${runsPlanned} runs`;
    const test = testCase('bench', 'all runs were made', 0, `<error message="${escaped(message)}"/>`);
    suites.push(suite('bench', [test], { errors: 1 }));
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(
  name: string,
  cases: readonly string[],
  { failures = 0, errors = 0 }: { readonly failures?: number; readonly errors?: number },
): string {
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0"`;
  return `  <testsuite name="${escaped(name)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function renderRun(run: RunReport): string {
  const { lane, members, repetition, warmUp, durationMs, verified, differences = [] } = run;
  const place = warmUp && repetition === 0 ? 'warm-up' : `repetition ${repetition}`;
  const name = `${members} ${members === 1 ? 'member' : 'members'}, ${place}`;
  const text = escaped(differences.join('\n'));
  const failure = verified ? '' : `<failure message="not what the reference says">${text}</failure>`;
  return testCase(`bench.${lane}`, name, durationMs / 1_000, failure);
}

function testCase(className: string, name: string, seconds: number, inner: string): string {
  const open = `<testcase classname="${escaped(className)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  return inner === '' ? `    ${open}/>\n` : `    ${open}>${inner}</testcase>\n`;
}

/** For text and attributes. Characters that XML 1.0 does not allow, even escaped, become U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
