import { parentPort, workerData } from 'node:worker_threads';
import { gateIsOpen } from '../../../dist/protocol/cells/gate.js';

/**
 * The task of one member of a group that runs within one process.
 * @typedef {import('./program.js').ProgramTask & MemberShare} MemberTask
 * @typedef {object} MemberShare
 * @property {number} member
 * @property {SharedArrayBuffer} gate - see src/protocol/cells/gate.ts: while it is closed, members
 *   have joined but fetch nothing
 * @property {SharedArrayBuffer} nextOffsets - one float64 per partition: the next offset, written
 *   by the partition's owner
 */

/**
 * `lastMs` is the time of the last processed record, 0 when there was none.
 * @typedef {{ type: 'assigned', partitions: number[] } | { type: 'revoked' } | { type: 'done',
 *   records: number, bytes: number, lastMs: number, counts: Map<string, number> }} MemberMessage
 */

/**
 * A member that runs until it is stopped.
 * @typedef {object} RunningMember
 * @property {() => Promise<void>} stop - resolves when it has left its group and reported its work
 */

/** What a member has read, and when. */
export class MemberWork {
  #gate;
  #nextOffsets;
  records = 0;
  bytes = 0;
  lastMs = 0;

  /** @param {MemberTask} task */
  constructor(task) {
    this.#gate = new Int32Array(task.gate);
    this.#nextOffsets = new Float64Array(task.nextOffsets);
  }

  gateIsOpen() {
    return gateIsOpen(this.#gate);
  }

  reached(partition, nextOffset) {
    this.#nextOffsets[partition] = nextOffset;
  }

  /** @returns {MemberMessage} */
  done(counts) {
    return { type: 'done', records: this.records, bytes: this.bytes, lastMs: this.lastMs, counts };
  }
}

/**
 * Implements a worker's entry file.
 * @param {(task: MemberTask, post: (message: MemberMessage) => void) => RunningMember} run
 */
export function serveMember(run) {
  const member = run(workerData, (message) => parentPort.postMessage(message));
  parentPort.once('message', async () => {
    await member.stop();
    parentPort.close();
  });
}
