// Sets up a clone so that the program and its tests run. `npm start` and `npm test` begin with it, so
// steps that are done are only checked, in well under a second. All messages go to stderr: stdout is
// for results.
//   node setup/main.js                  does what is missing; exit code 1 if a required step fails
//   node setup/main.js --tests          does also what only the tests need
//   node setup/main.js --build          only builds the program, if its sources have changed
//   node setup/main.js --kafka VERSION  installs that version of Kafka for managed brokers
//   node setup/main.js --facts          only prints what is installed and what is missing, as JSON
//   node setup/main.js --then FILE …    runs FILE afterwards, in this process
// This file runs on any Node that supports ES modules.
import { isSupported } from './node-versions.js';

if (process.platform !== 'linux') {
  process.stderr.write(`error: this program requires Linux, but this is ${process.platform}\n`);
  process.stderr.write('hint: run it in a Linux container, for example of Debian 12\n');
  process.exit(1);
}

const args = process.argv.slice(2);
const { main } = await import(isSupported(process.versions.node) ? './set-up.js' : './other-node.js');
await main(args);
