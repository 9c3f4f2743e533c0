import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { groupSettled } from '../../../dist/cluster/group-settled.js';
import { createGate, openGate } from '../../../dist/protocol/cells/gate.js';
import { writeOutcome } from './program.js';

const pollMs = 2;

/**
 * Runs a group of members as the product does: they join and are released together when the group
 * has settled, and the clock stops with the last record of the last partition.
 * @param {import('./program.js').ProgramTask} task
 * @param {(task: import('./group-member.js').MemberTask, post: (message:
 *   import('./group-member.js').MemberMessage) => void) =>
 *   import('./group-member.js').RunningMember} start - starts one member; when its `stop` has
 *   resolved, no part of it is running
 */
export async function runGroup(task, start) {
  const partitions = task.endOffsets.length;
  const gate = createGate();
  const nextOffsets = new SharedArrayBuffer(partitions * Float64Array.BYTES_PER_ELEMENT);
  const states = Array.from({ length: task.members }, () => ({ phase: 'joining' }));
  const outcomes = [];
  const members = states.map((_, member) =>
    start({ ...task, member, gate, nextOffsets }, (message) => {
      if (message.type === 'done') outcomes.push(message);
      else states[member] = stateAfter(message);
    }),
  );
  while (!groupSettled(states, partitions)) await sleep(pollMs);
  const startedAtMs = Date.now();
  openGate(gate);
  const next = new Float64Array(nextOffsets);
  while (task.endOffsets.some((end, partition) => next[partition] < end)) await sleep(pollMs);
  await Promise.all(members.map((member) => member.stop()));
  const sum = (value) => outcomes.reduce((total, outcome) => total + value(outcome), 0);
  const result = {
    startedAtMs,
    endedAtMs: outcomes.reduce((last, { lastMs }) => Math.max(last, lastMs), -Infinity),
    records: sum(({ records }) => records),
    bytes: sum(({ bytes }) => bytes),
  };
  await writeOutcome(task, result, merged(outcomes.map(({ counts }) => counts)));
}

/** Runs each member in a separate thread. @param {URL} entry - a module that calls serveMember */
export function inWorker(entry) {
  return (task, post) => {
    const worker = new Worker(entry, { workerData: task });
    worker.on('message', post);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const stop = async () => {
      worker.postMessage('stop');
      await ended;
    };
    return { stop };
  };
}

function stateAfter(message) {
  if (message.type === 'revoked') return { phase: 'joining' };
  if (message.partitions.length === 0) return { phase: 'standby' };
  return { phase: 'assigned', partitions: message.partitions, waiting: [] };
}

function merged(parts) {
  const counts = new Map();
  for (const part of parts) {
    for (const [word, count] of part) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return counts;
}
