import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { withoutByteOrderMark } from '../config/byte-order-mark.ts';
import { WordcountError } from '../errors.ts';
import { benchReport, schemaVersion, type BenchReport } from '../report/schema.ts';

/**
 * Reads the report of a bench, `-` from standard input.
 * @throws WordcountError input when it can't be read, or is no report that this version knows
 */
export async function readReport(path: string): Promise<BenchReport> {
  return parseReport(path, await readText(path));
}

/** Pure but for its errors. @param path - for the error's message */
export function parseReport(path: string, json: string): BenchReport {
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(json));
  } catch (error) {
    throw new WordcountError('input', `${path} is no JSON: ${messageOf(error)}`, { cause: error });
  }
  const { kind, schemaVersion: version } = { ...(value as { kind?: unknown; schemaVersion?: unknown } | null) };
  if (kind !== 'bench') {
    throw new WordcountError('input', `${path} is no report of a bench`, { hint: 'bench --json FILE writes one' });
  }
  if (version !== schemaVersion) {
    throw new WordcountError('input', `${path} has schema version ${String(version)}, and this is ${schemaVersion}`, {
      hint: 'use the version of consumer-cluster that wrote it, or measure again',
    });
  }
  const parsed = benchReport.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new WordcountError('input', `${path}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'no report'}`, {
    hint: `${parsed.error.issues.length} places differ from the schema, src/report/bench-report.schema.json`,
  });
}

async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new WordcountError('input', `can't read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
