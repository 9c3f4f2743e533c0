import { randomInt } from 'node:crypto';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { consumerProperties } from '../config/consumer-properties.ts';
import { toErrorReport } from '../errors.ts';
import { BatchConsumer } from '../kafka/native/consumer.ts';
import { TransactionalProducer } from '../kafka/native/transactional-producer.ts';
import { transactionalIdOf } from '../kafka/transactional-id.ts';
import { nowMs } from '../time/clock.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { MemberMessage, SupervisorMessage } from '../protocol/messages.ts';
import { fencingVerdict } from './fencing-verdict.ts';
import { LatencyRecorder } from './latency-recorder.ts';
import { leaveGroup } from './leave-group.ts';
import { memberMemory } from './member-memory.ts';
import { MemberTurn } from './turn.ts';

const port = parentPort;
if (port === null) throw new Error('member/entry must run in a worker thread');

const task = workerData as MemberTask;
const post = (message: MemberMessage): void => {
  port.postMessage(message);
};

interface Member {
  readonly client: BatchConsumer;
  readonly turn: MemberTurn;
  /** Only in a durable group. */
  readonly producer: TransactionalProducer | undefined;
}

function createMember(): Member {
  const { memberId, group } = task;
  const memory = memberMemory(task);
  const client = new BatchConsumer({
    buffers: memory.sums,
    connection: task.connection,
    groupId: group.groupId,
    clientId: task.clientId,
    topic: task.topic,
    properties: consumerProperties(group, task),
    onRebalance: (event) => {
      turn.onRebalance(event);
    },
    onOutOfRange: (partition) => {
      turn.onOutOfRange(partition as Partition);
    },
    onError: (error) => {
      post({ type: 'notice', memberId, error: toErrorReport(error) });
    },
    onCommit: (result) => {
      turn.onCommit(result);
    },
  });
  const producer = createProducer();
  const durable =
    producer === undefined ? undefined : { producer, consumer: client, writer: randomInt(1, 2 ** 48 - 1) };
  const latency = task.latency === undefined ? undefined : new LatencyRecorder(task.latency, client);
  const turn = new MemberTurn({ task, client, memory, clock: nowMs, post, latency, durable });
  return { client, turn, producer };
}

/** The producer of a durable group's member: connects in the background. */
function createProducer(): TransactionalProducer | undefined {
  const { group, connection, clientId, memberId } = task;
  if (group.durable === undefined) return undefined;
  const producer = new TransactionalProducer({
    connection,
    clientId,
    transactionalId: transactionalIdOf(group.groupId, clientId),
    transactionTimeoutMs: group.durable.transactionTimeoutMs,
    topic: group.durable.changelogTopic,
    onError: (error) => {
      post({ type: 'notice', memberId, error: toErrorReport(error) });
    },
  });
  producer.connect();
  return producer;
}

/** Joins, takes one turn after the other until the supervisor drains the member, then leaves. */
async function live({ client, turn, producer }: Member, port: MessagePort): Promise<void> {
  let drainTimeoutMs: number | undefined;
  port.on('message', (message: SupervisorMessage) => {
    switch (message.type) {
      case 'drain':
        drainTimeoutMs ??= message.timeoutMs;
        break;
      case 'tablesAdded':
        turn.addTables(message.firstPartition, message);
        break;
      case 'resumeAt':
        turn.resumeAt(message.partition, message.nextOffset);
        break;
      case 'injectFailure':
        turn.injectFailure(message.failure);
    }
  });
  client.connect();
  client.subscribe();
  post({ type: 'joining', memberId: task.memberId });
  while (drainTimeoutMs === undefined) {
    turn.run();
    await yieldToEvents();
    turn.rebalance();
  }
  await leaveGroup(turn, client, { timeoutMs: drainTimeoutMs, clock: nowMs });
  producer?.destroy();
}

/** Runs the member. The supervisor ends a member that has failed, as if it had crashed. */
async function runMember(port: MessagePort): Promise<void> {
  try {
    const member = createMember();
    try {
      await live(member, port);
    } catch (error) {
      await fencingVerdict(error, task, { client: member.client, clock: nowMs });
      throw error;
    }
  } catch (error) {
    post({ type: 'failed', memberId: task.memberId, error: toErrorReport(error) });
  }
}

// Not awaited here: V8 of Node 22 aborts the process when terminate() meets the start of a module that awaits.
void runMember(port).finally(() => {
  port.close();
});
