import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { toErrorReport } from '../errors.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { MemberMessage, SupervisorMessage } from '../protocol/messages.ts';
import { MemberLoop } from './loop.ts';

const port = parentPort;
if (port === null) throw new Error('member/entry must run in a worker thread');

const task = workerData as MemberTask;
const post = (message: MemberMessage): void => {
  port.postMessage(message);
};

/** The life of this thread. The supervisor ends a member that failed, as if it had crashed. */
async function runMember(port: MessagePort): Promise<void> {
  try {
    const loop = new MemberLoop(task, post);
    port.on('message', (message: SupervisorMessage) => {
      switch (message.type) {
        case 'drain':
          loop.drain(message.deadlineMs);
          break;
        case 'tables':
          loop.addTables(message.firstPartition, message.tables);
          break;
        case 'goOn':
          loop.goOn(message.partition, message.nextOffset);
          break;
        case 'injectFailure':
          loop.injectFailure(message.failure);
      }
    });
    await loop.run();
  } catch (error) {
    post({ type: 'failed', memberId: task.memberId, error: toErrorReport(error) });
  }
}

// Not awaited here: V8 of Node 22 aborts the process when terminate() meets the start of a module that awaits.
void runMember(port).finally(() => {
  port.close();
});
