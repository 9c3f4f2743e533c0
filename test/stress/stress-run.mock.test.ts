import { expect, test } from 'vitest';
import { startMockCluster } from '../../src/kafka/native/mock-cluster.ts';
import { ProcessSeries } from '../../src/stress/process-series.ts';
import { openResources } from '../../src/stress/run-resources.ts';
import { StressRun } from '../../src/stress/stress-run.ts';
import { sleep } from '../../src/time/sleep.ts';
import { mockConnection } from '../kafka/native/test-group.ts';
import { eventually } from '../support/eventually.ts';

const timeoutMs = 30_000;

test('an interrupted run does not wait for records that unreachable brokers do not accept', async () => {
  const cluster = await startMockCluster(1);
  try {
    const connection = mockConnection(cluster.bootstrapServers);
    const brokers = { connection, label: 'mock', pids: [], close: () => Promise.resolve() };
    const resources = await openResources(brokers, timeoutMs);
    const interrupted = new AbortController();
    let history = '';
    const run = new StressRun(
      {
        ...{ seed: 1, durationMs: 600_000, mode: 'liveness', protocol: 'range', members: 1, partitions: 4 },
        ...{ rate: 2_000, faults: [] },
      },
      resources,
      {
        signal: interrupted.signal,
        killSignal: new AbortController().signal,
        log: () => undefined,
        historyFile: {
          path: 'memory',
          write: (text) => {
            history += text;
          },
          close: () => undefined,
        },
        processSeries: new ProcessSeries(),
      },
    );
    const outcome = run.outcome();
    outcome.catch(() => undefined);
    await eventually('records are counted', () => history.includes('"batchApplied"'), timeoutMs);
    cluster.setBrokerUp(1, false);
    // The feed sends records every 10 ms.
    await sleep(500);
    interrupted.abort();
    const { interrupted: isInterrupted, checks } = await outcome;
    expect(isInterrupted).toBe(true);
    expect(checks.filter(({ violationsTotal }) => violationsTotal > 0)).toEqual([]);
  } finally {
    await cluster.close();
  }
});
