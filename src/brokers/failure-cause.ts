import { statfs } from 'node:fs/promises';

/** A broker cannot append a batch when less space than this is free. */
const freeBytesMin = 1_048_576;
const textMax = 300;

/** @returns true when a full disk caused a failure in the folder */
export async function isDiskFull(folder: string, logText: string): Promise<boolean> {
  if (/No space left on device|Disk quota exceeded/.test(logText)) return true;
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < freeBytesMin;
  } catch {
    return false;
  }
}

/**
 * The reason why a Kafka process ended, in its own words. Pure.
 * @param how - "exit code 1" or "signal SIGKILL"; a process that a signal ended gives no reason
 * @param log - the process's log, stdout and stderr
 * @returns one line without a time or a class name; undefined when the log gives no reason
 */
export function causeIn(how: string, log: string): string | undefined {
  if (how.startsWith('signal ')) return undefined;
  const lines = lastErrorOf(log.split('\n'));
  const caused = lines.findLast((line) => line.startsWith('Caused by: '));
  const thrown = lines.find((line) => /^[\w.$]+(Exception|Error)\b/.test(line));
  // A JVM that rejects an option explains it in its first line, and then writes only that it could
  // not be created.
  const refused = lines.find((line) =>
    /^(Unrecognized|Invalid|Error:|Conflicting|Improperly|OpenJDK.*(error|warning):)/.test(line),
  );
  const logged = lines.find((line) => logLevel.test(line));
  const found = caused ?? thrown ?? refused ?? logged;
  if (found === undefined) return undefined;
  return found
    .replace(/^Caused by: /, '')
    .replace(/^\S+ (ERROR|FATAL) /, '')
    .replace(/^(?:Exception in thread "[^"]*" )?(?:[\w$]+\.)+[\w$]+(?:Exception|Error): /, '')
    .replace(/ \(\w+\)$/, '')
    .slice(0, textMax);
}

const logLevel = / (ERROR|FATAL) /;
const lastWords = / (ERROR|FATAL) .*(Exiting|Shutdown|Halting|[Ff]atal)/;

/**
 * A broker survives earlier errors, so only the last error and the lines after it explain its end.
 */
function lastErrorOf(lines: readonly string[]): readonly string[] {
  const fatal = lines.findLastIndex((line) => lastWords.test(line));
  const last = fatal >= 0 ? fatal : lines.findLastIndex((line) => logLevel.test(line));
  return lines.slice(Math.max(0, last));
}
