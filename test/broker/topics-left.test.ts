import { expect, test } from 'vitest';
import { produceIntoTopic } from '../../src/workload/produce-into-topic.ts';
import { withBrokers } from '../support/brokers.ts';
import { startCli, untilOutput } from '../support/spawned.ts';

test('run, stress and produce report the topics that they could not delete', () =>
  withBrokers(async (brokers) => {
    const { connection } = brokers;
    const target = ['-b', connection.bootstrapServers, '--timeout', '10s'];
    const run = startCli(['run', ...target, '--rate', '100']);
    const plan = ['--runs', '1', '--duration', '9m', '--members', '1', '--faults', 'crash'];
    const stress = startCli(['stress', ...target, ...plan, '--rate', '100']);
    // A fault begins only after the group has settled.
    await Promise.all([untilOutput(run.child.stderr, /topic: /), untilOutput(stress.child.stderr, /crash/)]);
    const interrupted = new AbortController();
    const found: string[] = [];
    const produced = produceIntoTopic({
      ...{ connection, topic: 'received-nothing', partitions: 1, workload: { type: 'book' }, records: 1 },
      ...{ timeoutMs: 10_000, signal: interrupted.signal },
      onTopic: () => {
        for (const { pid } of brokers.nodes) process.kill(pid, 'SIGKILL');
        // All three wait for the brokers at the same time.
        for (const { child } of [run, stress]) child.kill('SIGTERM');
        interrupted.abort();
      },
      onTopicLeft: (why) => found.push(why),
    });
    await expect(produced).rejects.toThrow();
    const [ranFor, stressed] = await Promise.all([run.outcome, stress.outcome]);
    expect(found).toEqual([expect.stringMatching(/^could not delete topic received-nothing: ./)]);
    expect(ranFor.stderr).toMatch(/could not delete topic run-\w+: ./);
    expect(stressed.stderr).toMatch(/could not delete topic stress-[\w-]+: ./);
  }));
