import { promisify } from 'node:util';
import confluent from '@confluentinc/kafka-javascript';
import { MemberWork } from './group-member.js';
import { NaiveWords } from './naive-words.js';

const assignPartitions = -175;
/** Until the gate opens no record is fetched, and the gate is checked between two calls. */
const closedTimeoutMs = 20;
const openTimeoutMs = 100;

/** A group member on the Confluent client's own consume(n, callback). */
export class ConfluentMember {
  #task;
  #post;
  #work;
  #words = new NaiveWords();
  #consumer;
  #running;
  #assigned = [];
  #begun = false;
  #stopping = false;

  constructor(task, post) {
    this.#task = task;
    this.#post = post;
    this.#work = new MemberWork(task);
    const { 'consume.records': batchRecords, ...properties } = task.settings;
    this.#consumer = new confluent.KafkaConsumer(
      {
        ...properties,
        'bootstrap.servers': task.bootstrapServers,
        'group.id': task.groupId,
        'client.id': `${task.groupId}-${task.member}`,
        rebalance_cb: (error, partitions) => this.#rebalanced(error.code, partitions),
      },
      {},
    );
    // When the first record has arrived, the call does not wait for a full batch.
    this.#consumer.setDefaultIsTimeoutOnlyForFirstMessage(true);
    this.#running = this.#run(batchRecords);
  }

  async stop() {
    this.#stopping = true;
    await this.#running;
  }

  async #run(batchRecords) {
    const consumer = this.#consumer;
    const consume = promisify(consumer.consume.bind(consumer));
    consumer.setDefaultConsumeTimeout(closedTimeoutMs);
    await promisify(consumer.connect.bind(consumer))({});
    consumer.subscribe([this.#task.topic]);
    let coming = consume(batchRecords);
    while (!this.#stopping) {
      const batch = await coming;
      if (!this.#begun && this.#work.gateIsOpen()) this.#begin();
      // The client's thread collects the next batch while this one is processed here.
      coming = consume(batchRecords);
      if (batch.length > 0) this.#take(batch);
    }
    await coming;
    await promisify(consumer.disconnect.bind(consumer))();
    this.#post(this.#work.done(this.#words.counts));
  }

  #begin() {
    this.#begun = true;
    this.#consumer.assign(this.#assigned.map((partition) => ({ ...partition, offset: 0 })));
    this.#consumer.setDefaultConsumeTimeout(openTimeoutMs);
  }

  #take(batch) {
    for (const { partition, offset, value } of batch) {
      this.#work.bytes += value.length;
      if (this.#task.lane === 'count') this.#words.add(value);
      this.#work.reached(partition, offset + 1);
    }
    this.#work.records += batch.length;
    this.#work.lastMs = Date.now();
  }

  #rebalanced(code, partitions) {
    if (code !== assignPartitions) {
      this.#assigned = [];
      this.#consumer.unassign();
      this.#post({ type: 'revoked' });
      return;
    }
    this.#assigned = partitions;
    // Not paused: after a resume, the client's threads would sleep for up to a second.
    this.#consumer.assign([]);
    this.#post({ type: 'assigned', partitions: partitions.map(({ partition }) => partition) });
  }
}
