import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { withoutByteOrderMark } from '../config/byte-order-mark.ts';
import { ClusterError } from '../errors.ts';
import { benchReport, schemaVersion, type BenchReport } from '../results/schema.ts';

/**
 * Reads the report of a bench, `-` from standard input.
 * @throws ClusterError input when it can't be read, or this version does not know its format
 */
export async function readReport(path: string): Promise<BenchReport> {
  return parseReport(path, await readText(path));
}

/** Parses a report. @param path - for error messages @throws ClusterError input */
export function parseReport(path: string, json: string): BenchReport {
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(json));
  } catch (error) {
    throw new ClusterError('input', `${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const { kind, schemaVersion: version } = { ...(value as { kind?: unknown; schemaVersion?: unknown } | null) };
  if (kind !== 'bench') {
    throw new ClusterError('input', `${path} is not a report of a bench`, {
      hint: 'pass a file written by bench --json FILE',
    });
  }
  if (version !== schemaVersion) {
    throw new ClusterError(
      'input',
      `${path} has schema version ${String(version)}; this version reads ${schemaVersion}`,
      {
        hint: 'use the version of consumer-cluster that wrote it, or repeat the bench',
      },
    );
  }
  const parsed = benchReport.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new ClusterError('input', `${path}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not a report'}`, {
    hint: `compare it with the schema, src/report/bench-report.schema.json: ${parsed.error.issues.length} values differ`,
  });
}

async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new ClusterError('input', `can't read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
