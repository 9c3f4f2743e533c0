import { expect, test } from 'vitest';
import { causeIn } from '../../src/brokers/failure-cause.ts';

// Lines that Kafka 4.4.0 and OpenJDK 17 wrote.
const badValue = `2026-11-28T03:10:24,101 INFO Registered \`kafka:type=kafka.Log4jController\` MBean (LoggingController)
2026-11-28T03:10:24,166 ERROR Exiting Kafka due to fatal exception (Kafka$)
org.apache.kafka.common.config.ConfigException: Invalid value many for configuration num.io.threads: Not a number of type INT
\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:757)
`;
const nested = `2026-11-28T03:10:24,166 ERROR Exiting Kafka due to fatal exception during startup. (Kafka$)
java.lang.RuntimeException: Unable to start
\tat kafka.Kafka.main(Kafka.scala)
Caused by: java.net.BindException: Address already in use
\tat java.base/sun.nio.ch.Net.bind0(Native Method)
`;
const badOption = `Unrecognized VM option 'UseMagicGC'
Error: Could not create the Java Virtual Machine.
Error: A fatal exception has occurred. Program will exit.
`;
const logDir = `2026-11-28T03:10:24,166 WARN Stopping serving logs in dir /data (LogManager)
2026-11-28T03:10:24,167 ERROR Shutdown broker because all log dirs in /data have failed (LogManager)
`;

const survived = `2026-11-28T03:10:24,166 ERROR [ReplicaFetcher] Error in response (ReplicaFetcherThread)
java.io.IOException: Connection to 1 was disconnected before the response was read
\tat org.apache.kafka.clients.NetworkClientUtils.sendAndReceive(NetworkClientUtils.java:99)
`;

test('an error that the process survived is not reported as the cause of its end', () => {
  expect(causeIn('exit code 1', survived + logDir)).toBe(causeIn('exit code 1', logDir));
  expect(causeIn('signal SIGKILL', survived)).toBeUndefined();
});

test.each([
  [badValue, 'Invalid value many for configuration num.io.threads: Not a number of type INT'],
  [nested, 'Address already in use'],
  [badOption, "Unrecognized VM option 'UseMagicGC'"],
  [logDir, 'Shutdown broker because all log dirs in /data have failed'],
  ['', undefined],
  ['2026-11-28T03:10:24,166 INFO all is well (Kafka$)\n', undefined],
])('the cause of an end is one line of the log: case %#', (log, cause) => {
  expect(causeIn('exit code 1', log)).toBe(cause);
});
