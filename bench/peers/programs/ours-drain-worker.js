import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { groupDefaults } from '../../../dist/config/group.js';
import { BatchConsumer, partitionEnd, row, rowFields } from '../../../dist/kafka/native/consumer.js';
import { MemberWork, serveMember } from './group-member.js';

const pollMs = 20;
const closeMs = 10_000;

/**
 * The product's member loop without its counting: the same consumer and the same batches, which are
 * discarded.
 */
class DrainMember {
  #work;
  #post;
  #consumer;
  #running;
  #assigned = [];
  #begun = false;
  #stopping = false;

  constructor(task, post) {
    this.#work = new MemberWork(task);
    this.#post = post;
    this.#consumer = new BatchConsumer({
      connection: { bootstrapServers: task.bootstrapServers, source: 'managed', properties: {} },
      groupId: task.groupId,
      clientId: `${task.groupId}-${task.member}`,
      topic: task.topic,
      properties: task.settings,
      onRebalance: (event) => this.#rebalanced(event),
      onError: (error) => process.stderr.write(`${error.message}\n`),
    });
    this.#running = this.#run();
  }

  async stop() {
    this.#stopping = true;
    await this.#running;
  }

  async #run() {
    this.#consumer.connect();
    this.#consumer.subscribe();
    while (!this.#stopping) {
      if (!this.#begun && this.#work.gateIsOpen()) {
        this.#begun = true;
        this.#consumer.assign(this.#assigned.map((partition) => ({ partition, offset: 0 })));
      }
      const count = this.#consumer.consumeBatch(pollMs, groupDefaults.batchRecordsMax);
      if (count > 0) this.#take(count);
      await yieldToEvents();
    }
    await this.#consumer.close(closeMs);
    this.#post(this.#work.done(new Map()));
  }

  #take(count) {
    const { rows } = this.#consumer;
    const end = count * rowFields;
    let bytes = 0;
    let records = 0;
    for (let at = 0; at < end; at += rowFields) {
      const length = rows[at + row.length];
      if (length === partitionEnd) continue;
      records += 1;
      bytes += length;
      const next = at + rowFields;
      if (next === end || rows[next + row.partition] !== rows[at + row.partition] || rows[next + row.length] < 0)
        this.#work.reached(rows[at + row.partition], rows[at + row.offset] + 1);
    }
    this.#work.bytes += bytes;
    this.#work.records += records;
    this.#work.lastMs = Date.now();
  }

  #rebalanced({ type, partitions }) {
    if (type === 'revoke') {
      this.#assigned = [];
      this.#consumer.unassign();
      this.#post({ type: 'revoked' });
      return;
    }
    this.#assigned = partitions;
    // Not paused: after a resume, the client's threads would sleep for up to a second.
    this.#consumer.assign([]);
    this.#post({ type: 'assigned', partitions });
  }
}

serveMember((task, post) => new DrainMember(task, post));
