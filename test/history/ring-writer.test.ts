import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../src/history/event.ts';
import { HistoryRecorder } from '../../src/history/history-recorder.ts';
import { MemberHistory } from '../../src/history/member-history.ts';
import { createRing, createTickets } from '../../src/history/ring-layout.ts';
import { RingReader } from '../../src/history/ring-reader.ts';
import { eventOf, type Row } from '../../src/history/ring-row.ts';
import { RingWriter } from '../../src/history/ring-writer.ts';
import { seededRandom } from '../../src/seeded-random.ts';
import { eventually } from '../support/eventually.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_125);
const built = new URL('../../dist/history/member-history.js', import.meta.url).href;

/**
 * Commits with rising offsets, as fast as it goes, in a separate thread; after `pauseEvery` events
 * it lets others run first.
 */
function writer(history: unknown, { events, pauseEvery }: { events: number; pauseEvery: number }): Worker {
  const code = `
    import { workerData } from 'node:worker_threads';
    const { MemberHistory } = await import(workerData.built);
    const history = new MemberHistory(workerData.history);
    const bell = new Int32Array(new SharedArrayBuffer(4));
    for (let offset = 0; offset < workerData.events; offset += 1) {
      history.commit('commitSent', 3, offset);
      if (offset % workerData.pauseEvery === 0) Atomics.wait(bell, 0, 0, 1);
    }`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { built, history, events, pauseEvery },
    execArgv: [],
  });
}

function offsetsOf(events: readonly HistoryEvent[], member: number): number[] {
  return events.flatMap((event) => (event.type === 'commitSent' && event.member === member ? [event.offset] : []));
}

test('a row is read as it was written', () => {
  const ring = createRing(8);
  const tickets = createTickets();
  const rows: Row[] = Array.from({ length: 50 }, (_, index) => ({
    type: 'batchApplied',
    partition: index,
    epoch: 2 ** 31 - 1 - index,
    firstOffset: 2 ** 53 - 2 - index,
    lastOffset: 2 ** 53 - 1 - index,
    records: 2 ** 31 - 1 - index,
    words: 2 ** 32 - 1 - index,
    digestLow: 2 ** 32 - 1 - index,
    digestHigh: 2 ** 31 + index,
  }));
  const writing = new RingWriter(ring, tickets);
  const reading = new RingReader(ring);
  for (const row of rows) {
    writing.write(row);
    reading.drain((ticket, atMs, read) => {
      expect(read).toEqual(row);
      const event = eventOf({ ticket, atMs, group: 'A', member: 1 }, read);
      const digest = (BigInt(row.digestHigh) << 32n) | BigInt(row.digestLow);
      expect(event).toMatchObject({ digest, ticket: row.partition + 1 });
    });
  }
});

test('a full ring drops rows, counts them, and continues', () => {
  const ring = createRing(4);
  const memory = { ring, tickets: createTickets() };
  const member = new MemberHistory(memory);
  const reading = new RingReader(ring);
  for (let offset = 0; offset < 7; offset += 1) member.commit('commitSent', 0, offset);
  const read: number[] = [];
  const take = (): void => {
    reading.drain((_ticket, _atMs, { firstOffset }) => read.push(firstOffset));
  };
  take();
  expect(reading.takeDropped()).toBe(3);
  member.commit('commitSent', 0, 7);
  take();
  expect(read).toEqual([0, 1, 2, 3, 7]);
  expect(reading.takeDropped()).toBe(0);
});

test('events of several threads are read once each, in the order of their tickets', async () => {
  const events: HistoryEvent[] = [];
  const recorder = new HistoryRecorder({ onEvent: (event) => events.push(event) });
  const group = recorder.group('A');
  const count = 3_000;
  const workers = [0, 1, 2].map((member) =>
    writer(group.addMember(member), { events: count, pauseEvery: 50 + member }),
  );
  const drains = setInterval(() => {
    recorder.drain();
    group.record({ type: 'started', member: 9 });
  }, 2);
  await Promise.all(
    workers.map(async (worker, member) => {
      await once(worker, 'exit');
      group.threadJoined(member);
      group.memberEnded(member);
    }),
  );
  clearInterval(drains);
  recorder.close();
  const tickets = events.map(({ ticket }) => ticket);
  expect(tickets).toEqual(Array.from({ length: tickets.length }, (_, index) => index + 1));
  for (const member of [0, 1, 2]) {
    expect(offsetsOf(events, member)).toEqual(Array.from({ length: count }, (_, index) => index));
  }
});

test('a thread that is terminated at any time blocks no other thread, and its events are kept', async () => {
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const events: HistoryEvent[] = [];
  const written = new Set<number>();
  const onEvent = (event: HistoryEvent): void => {
    events.push(event);
    if (event.type === 'commitSent') written.add(event.member);
  };
  const recorder = new HistoryRecorder({ onEvent });
  const group = recorder.group('A');
  const steady = writer(group.addMember(0), { events: 2_000, pauseEvery: 10 });
  const steadyEnded = once(steady, 'exit');
  for (let member = 1; member <= 12; member += 1) {
    const worker = writer(group.addMember(member), { events: 1e9, pauseEvery: 2_000 });
    // Its thread may be long in starting: what is to be terminated is one that writes.
    await eventually('it has written', () => {
      recorder.drain();
      return written.has(member);
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 40));
    await worker.terminate();
    group.threadJoined(member);
    group.memberEnded(member);
    recorder.drain();
  }
  await steadyEnded;
  group.threadJoined(0);
  group.memberEnded(0);
  recorder.close();
  for (let index = 1; index < events.length; index += 1) {
    expect(events[index]?.ticket).toBeGreaterThan(events[index - 1]?.ticket ?? 0);
  }
  expect(offsetsOf(events, 0)).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
  // The number of events depends on the machine, so they are never all arguments of one call.
  const last = events.at(-1)?.ticket ?? 0;
  // At most one ticket per terminated thread was lost, and tickets that found the ring full were
  // never taken.
  expect(last - events.length).toBeLessThanOrEqual(12);
});
