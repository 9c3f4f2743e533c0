import type { BenchReport } from '../../results/schema.ts';

import { runGroupsOf } from '../named-runs.ts';
import { counted } from '../../numbers.ts';

interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly seconds: number;
  /** XML of the failure or error; empty when the test case passed. */
  readonly inner: string;
}

interface Verified {
  readonly verified: boolean;
  readonly differences?: readonly string[] | undefined;
}

/**
 * Renders JUnit XML for CI servers: one suite per lane and experiment, one test case per run, and a
 * failure for each run with wrong counts. A bench that ended early contains a separate error, so
 * that missing runs do not look like passed ones.
 */
export function renderJunit(report: BenchReport): string {
  const suites = runGroupsOf(report).map(({ id, runs }) => {
    const cases = runs.map(({ name, seconds, ...run }) => ({
      ...{ className: `bench.${id}`, name, seconds },
      inner: failureOf(run),
    }));
    return suite(`bench ${id}`, cases, { failures: runs.filter(({ verified }) => !verified).length });
  });
  const { runs, runsPlanned } = report.verdict;
  if (runs < runsPlanned) {
    const message = `${report.status} after ${runs} of ${counted(runsPlanned, 'run')}`;
    const error = `<error type="incomplete" message="${escaped(message)}"/>`;
    const test = { className: 'bench', name: 'all planned runs were made', seconds: 0, inner: error };
    suites.push(suite('bench', [test], { errors: 1 }));
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(
  name: string,
  cases: readonly TestCase[],
  { failures = 0, errors = 0 }: { readonly failures?: number; readonly errors?: number },
): string {
  const seconds = cases.reduce((sum, test) => sum + test.seconds, 0);
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0" time="${seconds.toFixed(3)}"`;
  return `  <testsuite name="${escaped(name)}" ${counts}>\n${unique(cases).map(renderCase).join('')}  </testsuite>\n`;
}

function failureOf({ verified, differences = [] }: Verified): string {
  const text = escaped(differences.join('\n'));
  return verified ? '' : `<failure type="counts" message="counts differ from the reference">${text}</failure>`;
}

/** CI servers merge test cases of the same name, so repeated names get a number. */
function unique(cases: readonly TestCase[]): TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((test) => {
    const times = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, times);
    return times === 1 ? test : { ...test, name: `${test.name} (${times})` };
  });
}

function renderCase({ className, name, seconds, inner }: TestCase): string {
  const open = `<testcase classname="${escaped(className)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  return inner === '' ? `    ${open}/>\n` : `    ${open}>${inner}</testcase>\n`;
}

/**
 * Escapes text and attribute values. Characters that XML 1.0 forbids even when escaped become
 * U+FFFD.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
