import { writeFile } from 'node:fs/promises';

// The programs are plain JavaScript on the built files of the product, so that nothing but Node and the client that is
// measured runs in their processes.

/**
 * What a program is to do: its one argument, as JSON.
 * @typedef {object} ProgramTask
 * @property {string} bootstrapServers
 * @property {string} topic
 * @property {string} groupId
 * @property {number[]} endOffsets - one a partition, exclusive; every partition begins at 0
 * @property {number} members
 * @property {'drain' | 'count'} lane - `drain` looks at every record and adds up the bytes, `count` counts the words too
 * @property {Record<string, string | number | boolean>} settings - the client's, by its own names
 * @property {string} resultFile
 * @property {string} countsFile - receives the counts: word, tab, count a line
 */

/**
 * What every program writes into its result file, in whatever language.
 * @typedef {object} ProgramResult
 * @property {number} startMs - when the whole group was assigned; milliseconds since 1970, as `endMs`
 * @property {number} endMs - when the last record was done with
 * @property {number} records
 * @property {number} bytes - of their values
 */

/** @returns {ProgramTask} */
export function readTask() {
  return JSON.parse(process.argv[2] ?? '');
}

/**
 * @param {ProgramTask} task
 * @param {ProgramResult} result
 * @param {ReadonlyMap<string, number>} counts
 */
export async function writeOutcome(task, result, counts) {
  const lines = [...counts].map(([word, count]) => `${word}\t${count}\n`);
  if (task.lane === 'count') await writeFile(task.countsFile, lines.join(''));
  await writeFile(task.resultFile, JSON.stringify(result));
}
