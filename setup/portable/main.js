// Builds the portable client and prints its folder: `node setup/portable/main.js [--arch arm64]`. It
// runs after the set-up. docs/packages.md describes the result.
import { parseArgs } from 'node:util';
import { endWithSignals } from '../ending.js';
import { acquireLock } from '../lock.js';
import { providePortableClient } from './portable-client.js';

const waitMsMax = 1_800_000;
const { values } = parseArgs({ options: { arch: { type: 'string', default: process.arch } } });

endWithSignals();
const release = await acquireLock({
  waitMsMax,
  onWait: () => process.stderr.write('portable client: waiting for another setup process in this folder\n'),
});
try {
  const log = (line) => process.stderr.write(`portable client: ${line}\n`);
  process.stdout.write(`${await providePortableClient({ architecture: values.arch, log })}\n`);
} catch (error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  release();
}
