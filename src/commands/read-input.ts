import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { unreadable } from '../errors.ts';

/**
 * Reads an input whole, `-` from standard input.
 * @param option - names the input in errors, `--counts`; absent for an argument
 * @throws ClusterError input
 */
export async function readInput(path: string, option?: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(inputName(path), error, option === undefined ? {} : { option });
  }
}

/** The name of an input for errors. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : path;
}
