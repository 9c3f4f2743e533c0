import { expect, test } from 'vitest';
import { brokerEnvironment as environmentOfSetup } from '../../setup/java.js';
import { brokerEnvironment } from '../../src/brokers/broker-environment.ts';

test("set-up and the program start Kafka's processes in the same environment", () => {
  process.env['KAFKA_OPTS'] = '-Xmx1k';
  process.env['LC_ALL'] = 'tr_TR.UTF-8';
  const environment = brokerEnvironment();
  expect(environment).toEqual(environmentOfSetup());
  expect(environment).toMatchObject({ PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' });
  expect(environment).not.toHaveProperty('KAFKA_OPTS');
});
