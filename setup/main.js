// Brings a clone to where the program and its tests run. `npm start` and `npm test` begin with it, so what is done already is
// only looked at (in well under a second). Everything is said on stderr: stdout is for results.
//   node setup/main.js          does what is missing; exit code 1 when something needed can't be done
//   node setup/main.js --tests  does also what only the tests need
//   node setup/main.js --facts  changes nothing, prints what is there and what is missing as JSON
const [major, minor] = process.versions.node.split('.').map(Number);
if (process.platform !== 'linux' || major < 20 || (major === 20 && minor < 12)) {
  const here = `Node ${process.versions.node} on ${process.platform}`;
  process.stderr.write(`error: it takes Linux and Node 20.12 or newer, and this is ${here}\n`);
  process.stderr.write('hint: a container with a newer Node will do, for instance of Debian 12\n');
  process.exit(1);
}

// Not before: older versions could not even load it.
const { printFacts, setUp } = await import('./steps.js');
process.exitCode = process.argv.includes('--facts')
  ? await printFacts()
  : await setUp({ tests: process.argv.includes('--tests') });
