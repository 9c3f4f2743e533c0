import { writeFile } from 'node:fs/promises';

// The programs are plain JavaScript on the built files of the product, so that their processes run
// only Node and the measured client.

/**
 * The task of a program: its one argument, as JSON.
 * @typedef {object} ProgramTask
 * @property {string} bootstrapServers
 * @property {string} topic
 * @property {import('../../../dist/workload/workload.js').Workload} workload - records of the topic
 * @property {string} groupId
 * @property {number[]} endOffsets - one per partition, exclusive; every partition begins at 0. In lane
 *   `produce`, those that the topic is to have
 * @property {number} members
 * @property {'produce' | 'drain' | 'count'} lane - `drain` reads every record and sums the bytes,
 *   `count` counts the words, too
 * @property {Record<string, string | number | boolean>} settings - the client's settings, by its
 *   own names
 * @property {string} resultFile
 * @property {string} countsFile - receives the counts: word, tab, count per line
 */

/**
 * The contents of a program's result file, in any language.
 * @typedef {object} ProgramResult
 * @property {number} startedAtMs - time at which the whole group was assigned; milliseconds since 1970,
 *   as `endedAtMs`
 * @property {number} endedAtMs - time at which the last record was processed
 * @property {number} records
 * @property {number} bytes - total bytes of the values
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
