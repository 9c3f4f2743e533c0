import { expect, test } from 'vitest';
import { TableRegistry } from '../../src/cluster/table-registry.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { RestoreRequests } from '../../src/member/restore-requests.ts';
import type { MemberId, Partition } from '../../src/protocol/ids.ts';

const p0 = 0 as Partition;

/** A durable group of one partition, as two members and the changelog thread of its process see it. */
function durableGroup() {
  const registry = new TableRegistry({ beginOffsets: [0], group: { durable: {} } as never });
  const view = (): DurableCells[] => registry.durableCells.map((buffer) => new DurableCells(buffer));
  const [cells] = view();
  if (cells === undefined) throw new Error('one partition');
  const requestsOf = (memberId: number): RestoreRequests => new RestoreRequests(memberId as MemberId, view());
  return { registry, cells, first: requestsOf(0), second: requestsOf(1) };
}

test('a table may be claimed once its own request is granted', () => {
  const { cells, first } = durableGroup();
  expect(first.ask(p0)).toBe(false);
  const [request] = first.take();
  expect(cells.request).toBe(request?.request);
  expect(first.isGranted(p0)).toBe(false);
  cells.grant = cells.request;
  expect(first.isGranted(p0)).toBe(true);
  expect(first.take()).toEqual([]);
});

test('in a group that is not durable every table may be claimed at once', () => {
  const requests = new RestoreRequests(0 as MemberId, []);
  expect(requests.ask(p0)).toBe(true);
  expect(requests.isGranted(p0)).toBe(true);
  expect(requests.take()).toEqual([]);
});

test('a grant of an earlier request does not count', () => {
  const { cells, first } = durableGroup();
  first.ask(p0);
  const late = cells.request;
  first.drop(p0);
  first.ask(p0);
  cells.grant = late;
  expect(first.isGranted(p0)).toBe(false);
});

test('a member that releases a table late does not drop the request of the next one', () => {
  const { cells, first, second } = durableGroup();
  first.ask(p0);
  cells.grant = cells.request;
  second.ask(p0);
  const { request } = cells;
  first.drop(p0);
  expect(cells.request).toBe(request);
  expect(cells.grant).toBe(0);
});

test('a member that asks again takes back the grant, which would keep the changelog thread away', () => {
  const { cells, first } = durableGroup();
  first.ask(p0);
  cells.grant = cells.request;
  first.ask(p0);
  expect(cells.grant).toBe(0);
  expect(cells.request).toBeGreaterThan(0);
  expect(first.take()).toHaveLength(2);
});

test('a member that lost a table it was granted asks again, unless another one has asked for it', () => {
  const { cells, first, second } = durableGroup();
  first.ask(p0);
  const [granted] = first.take();
  cells.grant = cells.request;
  first.askAgain(p0);
  expect(cells.grant).toBe(0);
  expect(cells.request).not.toBe(granted?.request);
  expect(first.take()).toEqual([{ partition: p0, request: cells.request }]);
  second.ask(p0);
  const { request } = cells;
  first.askAgain(p0);
  expect(first.take()).toEqual([]);
  first.drop(p0);
  expect([cells.request, cells.grant]).toEqual([request, 0]);
  expect(first.isGranted(p0)).toBe(false);
});

test('the supervisor drops request and grant of a dead member, also after another one has asked', () => {
  const { registry, cells, first, second } = durableGroup();
  first.ask(p0);
  cells.grant = cells.request;
  second.ask(p0);
  const { request } = cells;
  registry.dropRequestsOf(0 as MemberId);
  expect([cells.request, cells.grant]).toEqual([request, 0]);
  registry.dropRequestsOf(1 as MemberId);
  expect([cells.request, cells.grant]).toEqual([0, 0]);
});
