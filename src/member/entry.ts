import { parentPort, workerData } from 'node:worker_threads';
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
// The thread of a member that has left ends here. One that failed is ended by the supervisor, as if it had crashed.
port.close();
