import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startCli } from '../support/spawned.ts';

test.each([
  'counts --topic t',
  'counts --topic t --follow',
  'counts --topic t --group g --durable --follow',
  'counts --group g --from-changelog',
  'verify --topic t --group g --changelog',
  'produce --topic t',
  'run',
  'bench',
  'stress',
])('a signal ends "%s" while it waits for the brokers', async (command) => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  const { child, outcome } = startCli([...command.split(' '), '-b', `127.0.0.1:${port}`, '--timeout', '10m']);
  await once(server, 'connection');
  child.kill('SIGTERM');
  const { code, stderr } = await outcome;
  expect(code).toBe(130);
  expect(stderr).not.toContain('error:');
});
