/** How a Kafka client reaches the brokers, whichever way they came to be. */
export interface Connection {
  /** HOST:PORT,… as in Kafka's --bootstrap-server. */
  readonly bootstrapServers: string;
  /** Where the brokers come from; everything printed about `mock` says so. */
  readonly source: 'managed' | 'external' | 'mock';
  /**
   * Client properties in librdkafka's names, security included. Secret: never printed, never in an error, log or report.
   */
  readonly properties: Readonly<Record<string, string>>;
}
