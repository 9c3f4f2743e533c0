import { sleep } from '../../time/sleep.ts';
import { FlexibleWriter, type FlexibleReader } from '../wire/flexible-bytes.ts';
import { rootError } from './errors.ts';
import { kafkajsError, type KafkajsBroker, type KafkajsCluster } from './internals.ts';
import { kafkajsMessage, type KafkajsMessage } from './requests.ts';

/** The only state in which a transaction waits for its producer. */
const openState = 'Ongoing';
/** The shortest one: no producer uses the id that the coordinator assigns. */
const transactionTimeoutMs = 1;
const abortingMsMax = 1_000;
const askAgainMs = 20;

/** Requests to the coordinators of transactions. */
export class TransactionCoordinators {
  readonly #cluster: KafkajsCluster;
  readonly #refreshBrokers: () => Promise<void>;

  /** @param refreshBrokers - fetches the list of brokers again */
  constructor(cluster: KafkajsCluster, refreshBrokers: () => Promise<void>) {
    this.#cluster = cluster;
    this.#refreshBrokers = refreshBrokers;
  }

  /**
   * Runs `action` for each broker at the same time, so that one that hangs does not delay the
   * others.
   * @throws what the first of them failed with, after all have ended
   */
  async atEach(action: (coordinator: TransactionCoordinator) => Promise<void>): Promise<void> {
    await this.#refreshBrokers();
    const outcomes = await Promise.allSettled(
      this.#cluster
        .getNodeIds()
        .map(async (nodeId) => action(new TransactionCoordinator(await this.#cluster.findBroker({ nodeId })))),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** A broker as the coordinator of some transactional ids. */
export class TransactionCoordinator {
  readonly #broker: KafkajsBroker;

  constructor(broker: KafkajsBroker) {
    this.#broker = broker;
  }

  /**
   * The ids with an open transaction that this broker coordinates and that this user may describe.
   * @throws a kafkajs error while the broker is taking over ids from another one
   */
  async openTransactions(): Promise<readonly string[]> {
    const answer = await this.#broker.connectionPool.send(listTransactionsMessage([openState]));
    if (typeof answer === 'number') throw kafkajsError(answer);
    return answer;
  }

  /** @throws kafkajs's TRANSACTIONAL_ID_AUTHORIZATION_FAILED, or another error */
  async requireDescribe(transactionalId: string): Promise<void> {
    await this.#broker.findGroupCoordinator({ groupId: transactionalId, coordinatorType: 1 });
  }

  /**
   * Aborts the open transaction of an id that this broker coordinates, and fences its producer, as
   * `Admin.fenceProducers` of the Java client does. Resolves when the markers are written, after
   * which the transaction holds back no reader.
   */
  async abort(transactionalId: string): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += askAgainMs) {
      try {
        await this.#broker.initProducerId({ transactionalId, transactionTimeout: transactionTimeoutMs });
        return;
      } catch (error) {
        // The first response to every abort: the coordinator writes the markers.
        if (rootError(error).type !== 'CONCURRENT_TRANSACTIONS' || waitedMs >= abortingMsMax) throw error;
      }
      await sleep(askAgainMs);
    }
  }
}

/** ListTransactions, which kafkajs does not know. The result is Kafka's error code, or ids. */
function listTransactionsMessage(states: readonly string[]): KafkajsMessage<number | readonly string[]> {
  const body = new FlexibleWriter().noTags().arrayOf(states.length);
  for (const state of states) body.text(state);
  // Of all producers.
  body.arrayOf(0).noTags();
  return kafkajsMessage({ apiKey: 66, apiName: 'ListTransactions', apiVersion: 0, body, read: readTransactions });
}

function readTransactions(answer: FlexibleReader): number | readonly string[] {
  answer.tags();
  answer.int32();
  const errorCode = answer.int16();
  if (errorCode !== 0) return errorCode;
  answer.array(() => answer.text());
  return answer.array(() => {
    const transactionalId = answer.text() ?? '';
    answer.bytes(8);
    answer.text();
    answer.tags();
    return transactionalId;
  });
}
