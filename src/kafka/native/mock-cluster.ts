import { nativeClient, type NativeProducer } from './native-client.ts';

export interface MockCluster {
  readonly bootstrapServers: string;
  /** A missing topic is created with 4 partitions when a client requests it. */
  createTopic(topic: string, partitions: number): void;
  /** A broker that is down refuses connections. @param brokerId - from 1 */
  setBrokerUp(brokerId: number, isUp: boolean): void;
  /** Delays every response of the broker. */
  setRoundTripMs(brokerId: number, roundTripMs: number): void;
  /**
   * Makes the next requests of one kind fail, one request per code.
   * @param apiKey - of the Kafka protocol
   */
  failRequests(apiKey: number, codes: readonly number[]): void;
  /** Clears the list of requests and starts recording again. */
  trackRequests(): void;
  /** API keys of the recorded requests, in order. */
  requests(): readonly number[];
  close(): Promise<void>;
}

/**
 * Brokers inside this process: librdkafka's mock cluster. It speaks the real protocol over real
 * sockets, but keeps only 5 MiB per partition (older records vanish), and is not suitable for
 * benchmarking. A rebalance of a stable group takes its session timeout less 1 s (with a session
 * timeout of 1 s: 1 s), regardless of who has rejoined.
 * @param brokers - number of brokers, at least 1
 */
export function startMockCluster(brokers: number): Promise<MockCluster> {
  const { Producer } = nativeClient();
  const owner = new Producer({ 'test.mock.num.brokers': brokers }, null);
  owner.connectSync();
  // The owner's events have no other consumer.
  owner.setPollInBackground(true);
  // Like a real broker, it would wait 3 s for more members before the first rebalance.
  owner.mockGroupInitialRebalanceDelay(0);
  return Promise.resolve(handle(owner, brokers));
}

function handle(owner: NativeProducer, brokers: number): MockCluster {
  return {
    bootstrapServers: owner.mockBootstrapServers(),
    createTopic: (topic, partitions) => {
      owner.mockTopicCreate(topic, partitions, Math.min(2, brokers));
    },
    setBrokerUp: (brokerId, isUp) => {
      owner.mockBrokerSetUp(brokerId, isUp);
    },
    setRoundTripMs: (brokerId, roundTripMs) => {
      owner.mockBrokerSetRtt(brokerId, roundTripMs);
    },
    failRequests: (apiKey, codes) => {
      owner.mockPushRequestErrors(apiKey, codes);
    },
    trackRequests: () => {
      owner.mockTrackRequests();
    },
    requests: () => owner.mockRequests(),
    close: () => {
      owner.destroySync();
      return Promise.resolve();
    },
  };
}
