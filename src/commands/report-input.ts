import { withoutByteOrderMark } from '../config/byte-order-mark.ts';
import { ClusterError } from '../errors.ts';
import { benchReport, schemaVersion, type BenchReport } from '../results/schema.ts';
import { inputName, readInput } from './read-input.ts';
import { counted } from '../numbers.ts';

/**
 * Reads the report of a bench, `-` from standard input.
 * @throws ClusterError input when it can't be read, or this version does not know its format
 */
export async function readReport(path: string): Promise<BenchReport> {
  return parseReport(inputName(path), await readInput(path));
}

/** Parses a report. @param name - for error messages @throws ClusterError input */
export function parseReport(name: string, json: string): BenchReport {
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(json));
  } catch (error) {
    throw new ClusterError('input', `${name} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const { kind, schemaVersion: version } = { ...(value as { kind?: unknown; schemaVersion?: unknown } | null) };
  if (kind !== 'bench') {
    throw new ClusterError('input', `${name} is not a report of a bench`, {
      hint: 'pass a file written by bench --json FILE',
    });
  }
  if (version !== schemaVersion) {
    throw new ClusterError(
      'input',
      `${name} has schema version ${String(version)}; this version reads ${schemaVersion}`,
      {
        hint: 'use the version of consumer-cluster that wrote it, or repeat the bench',
      },
    );
  }
  const parsed = benchReport.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new ClusterError('input', `${name}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not a report'}`, {
    hint: `compare it with the schema, src/report/bench-report.schema.json: ${counted(parsed.error.issues.length, 'value')} invalid`,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
