// Loads the client's addon in a worker thread: `node setup/load-client.js FILE`. When it does not
// load, the exit code is 1 and stderr has the reason.
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';

const source = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { KafkaConsumer, Producer, librdkafkaVersion } = require(workerData);
  if (typeof KafkaConsumer !== 'function' || typeof Producer !== 'function') throw new Error('it does not export the client');
  parentPort.postMessage(librdkafkaVersion);
`;
const worker = new Worker(source, { eval: true, workerData: resolve(process.argv[2]) });
try {
  const [version] = await once(worker, 'message');
  process.stdout.write(`${version}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
