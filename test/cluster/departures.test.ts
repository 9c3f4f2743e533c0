import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Departures, freePlace } from '../../src/cluster/departures.ts';
import type { ClusterEvent } from '../../src/cluster/supervisor-options.ts';
import { groupDefaults } from '../../src/config/group.ts';
import type { MemberId } from '../../src/protocol/ids.ts';

test('the first place that no live member has is taken', () => {
  expect(freePlace('g', [])).toBe('g-0');
  expect(freePlace('g', ['g-0', undefined, 'g-2'])).toBe('g-1');
  expect(freePlace('g', [undefined, 'g-1', 'g-0'])).toBe('g-2');
});

/** Departures of a group that writes down what it is told, and answers after a while. */
function departures(staticMembership: boolean, answerMs = 0) {
  const live: ReturnType<typeof member>[] = [];
  const told: string[] = [];
  const events: ClusterEvent[] = [];
  const stopping = new AbortController();
  const tell =
    (what: string) =>
    async (member: { readonly groupMemberId: string }): Promise<void> => {
      told.push(`${what} ${member.groupMemberId}`);
      if (answerMs > 0) await sleep(answerMs);
    };
  const it = new Departures({
    group: { ...groupDefaults, groupId: 'g', staticMembership },
    observer: { leaveFor: tell('leave'), releasePlaceOf: tell('release') },
    roster: { live },
    signal: stopping.signal,
    emit: (event) => events.push(event),
  });
  return { it, live, told, events, stopping };
}

function member(id: number, phase: 'crashed' | 'left' | 'standby', place?: string, name: string | null = `name-${id}`) {
  const groupMemberId = name ?? undefined;
  return { memberId: id as MemberId, groupMemberId, groupInstanceId: place, state: { phase } };
}

test('the group is left for a dynamic member whose thread is over, and told of when it crashed', async () => {
  const { it, told, events } = departures(false);
  await it.over(member(0, 'left'), undefined);
  await it.over(member(1, 'crashed'), 50);
  await it.over(member(2, 'crashed', undefined, null), 50);
  it.missBySilence(3 as MemberId);
  await it.over(member(3, 'crashed'), 50);
  await sleep(0);
  expect(told).toEqual(['leave name-0', 'leave name-1']);
  expect(events).toEqual([{ type: 'leftFor', memberId: 1 }]);
});

test('the place of a static member that crashed is released for its replacement, and not left', async () => {
  const { it, live, told } = departures(true);
  expect(it.placeForNext()).toBe('g-0');
  await it.over(member(0, 'crashed', 'g-0'), 50);
  live.push(member(1, 'standby', 'g-0'));
  await sleep(1_100);
  expect(told).toEqual(['release name-0']);
});

test('the place is kept for a replacement that had to wait for a slow answer', async () => {
  const { it, live, told } = departures(true, 1_200);
  await it.over(member(0, 'crashed', 'g-0'), 50);
  await sleep(20);
  live.push(member(1, 'standby', 'g-0'));
  await sleep(1_200);
  expect(told).toEqual(['release name-0']);
});

test('a static member that was drained is left for when nobody comes in its place', async () => {
  const { it, live, told } = departures(true);
  await it.over(member(0, 'left', 'g-0'), undefined);
  await it.over(member(1, 'left', 'g-1'), undefined);
  live.push(member(2, 'standby', 'g-0'));
  expect(told).toEqual([]);
  await sleep(1_100);
  expect(told).toEqual(['leave name-1']);
});

test('a replacement that never joined leaves the place to the one before', async () => {
  const { it, told } = departures(true);
  await it.over(member(0, 'crashed', 'g-0'), 50);
  await it.over(member(1, 'crashed', 'g-0', null), 50);
  await it.over(member(2, 'crashed', 'g-0', null), undefined);
  expect(told).toEqual(['release name-0', 'release name-0', 'leave name-0']);
});

test('the group is left at once where the replacement comes late, never, or is to be dynamic', async () => {
  const { it, told } = departures(true);
  await it.over(member(0, 'crashed', 'g-0'), 10_000);
  await it.over(member(1, 'crashed', 'g-1'), undefined);
  it.staticMembership = false;
  expect(it.placeForNext()).toBeUndefined();
  await it.over(member(2, 'left', 'g-2'), undefined);
  await it.over(member(3, 'crashed', 'g-3'), 50);
  expect(told).toEqual(['leave name-0', 'leave name-1', 'leave name-2', 'leave name-3']);
});

test('a silent death is not told, not even by the replacement of the replacement', async () => {
  const { it, told } = departures(true);
  it.missBySilence(0 as MemberId);
  await it.over(member(0, 'crashed', 'g-0'), 50);
  await it.over(member(1, 'crashed', 'g-0', null), undefined);
  expect(told).toEqual([]);
});

test('of a group that is ended in order nothing is left behind', async () => {
  const { it, told, events, stopping } = departures(true);
  stopping.abort();
  await it.over(member(0, 'left', 'g-0'), undefined);
  await it.over(member(1, 'left', 'g-1'), undefined);
  expect(told).toEqual([]);
  await it.allOver();
  expect(told).toEqual(['leave name-0', 'leave name-1']);
  expect(events).toEqual([]);
});
