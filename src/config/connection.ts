/** How a Kafka client reaches the brokers, from any source. */
export interface Connection {
  /** HOST:PORT,… as in Kafka's --bootstrap-server. */
  readonly bootstrapServers: string;
  /** The source of the brokers; everything printed about `mock` names it. */
  readonly source: 'managed' | 'external' | 'mock';
  /**
   * Client properties in librdkafka's names, security included. They are secret: never printed, and
   * in no error, log or report.
   */
  readonly properties: Readonly<Record<string, string>>;
}
