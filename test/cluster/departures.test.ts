import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Departures, freeInstanceId } from '../../src/cluster/departures.ts';
import type { ClusterEvent } from '../../src/cluster/supervisor-options.ts';
import { durableDefaults, groupDefaults, type GroupConfig } from '../../src/config/group.ts';
import type { MemberId } from '../../src/protocol/ids.ts';

test('a new static member gets the first slot that no live member has', () => {
  expect(freeInstanceId('g', [])).toBe('g-0');
  expect(freeInstanceId('g', ['g-0', undefined, 'g-2'])).toBe('g-1');
  expect(freeInstanceId('g', [undefined, 'g-1', 'g-0'])).toBe('g-2');
});

/** Departures of a group that records each request, and responds after `answerMs`. */
function departures(staticMembership: boolean, answerMs = 0, group: Partial<GroupConfig> = {}) {
  const live: ReturnType<typeof member>[] = [];
  const requests: string[] = [];
  const events: ClusterEvent[] = [];
  const stopping = new AbortController();
  const request =
    (what: string) =>
    async (member: { readonly groupMemberId: string }): Promise<void> => {
      requests.push(`${what} ${member.groupMemberId}`);
      if (answerMs > 0) await sleep(answerMs);
    };
  const it = new Departures({
    group: { ...groupDefaults, groupId: 'g', staticMembership, ...group },
    observer: { leaveFor: request('leave'), releaseInstanceIdOf: request('release') },
    roster: { live },
    signal: stopping.signal,
    emit: (event) => events.push(event),
  });
  return { it, live, requests, events, stopping };
}

function member(id: number, phase: 'crashed' | 'left' | 'standby', slot?: string, name: string | null = `name-${id}`) {
  const groupMemberId = name ?? undefined;
  const joined = { fenced: false, hasJoined: groupMemberId !== undefined };
  return { memberId: id as MemberId, groupMemberId, groupInstanceId: slot, state: { phase }, ...joined };
}

test('the supervisor leaves for a dynamic member whose thread has ended, and reports it after a crash', async () => {
  const { it, requests, events } = departures(false);
  await it.memberExited(member(0, 'left'), undefined);
  await it.memberExited(member(1, 'crashed'), 50);
  await it.memberExited(member(2, 'crashed', undefined, null), 50);
  it.suppressLeave(3 as MemberId);
  await it.memberExited(member(3, 'crashed'), 50);
  await sleep(0);
  expect(requests).toEqual(['leave name-0', 'leave name-1']);
  expect(events).toEqual([{ type: 'leftFor', memberId: 1 }]);
});

test('the slot of a crashed static member is released for its replacement, without leaving', async () => {
  const { it, live, requests } = departures(true);
  expect(it.instanceIdForNext()).toBe('g-0');
  await it.memberExited(member(0, 'crashed', 'g-0'), 50);
  live.push(member(1, 'standby', 'g-0'));
  await sleep(1_100);
  expect(requests).toEqual(['release name-0']);
});

test('the slot is kept for a replacement that waits for a slow response', async () => {
  const { it, live, requests } = departures(true, 1_200);
  await it.memberExited(member(0, 'crashed', 'g-0'), 50);
  await sleep(20);
  live.push(member(1, 'standby', 'g-0'));
  await sleep(1_200);
  expect(requests).toEqual(['release name-0']);
});

test('the supervisor leaves for a drained static member when no member takes its slot', async () => {
  const { it, live, requests } = departures(true);
  await it.memberExited(member(0, 'left', 'g-0'), undefined);
  await it.memberExited(member(1, 'left', 'g-1'), undefined);
  live.push(member(2, 'standby', 'g-0'));
  expect(requests).toEqual([]);
  await sleep(1_100);
  expect(requests).toEqual(['leave name-1']);
});

test('a replacement that never joined leaves the slot to its predecessor', async () => {
  const { it, requests } = departures(true);
  await it.memberExited(member(0, 'crashed', 'g-0'), 50);
  await it.memberExited(member(1, 'crashed', 'g-0', null), 50);
  await it.memberExited(member(2, 'crashed', 'g-0', null), undefined);
  expect(requests).toEqual(['release name-0', 'release name-0', 'leave name-0']);
});

test('the supervisor leaves at once when the replacement comes late, never, or is dynamic', async () => {
  const { it, requests } = departures(true);
  await it.memberExited(member(0, 'crashed', 'g-0'), 10_000);
  await it.memberExited(member(1, 'crashed', 'g-1'), undefined);
  it.staticMembership = false;
  expect(it.instanceIdForNext()).toBeUndefined();
  await it.memberExited(member(2, 'left', 'g-2'), undefined);
  await it.memberExited(member(3, 'crashed', 'g-3'), 50);
  expect(requests).toEqual(['leave name-0', 'leave name-1', 'leave name-2', 'leave name-3']);
});

test('a suppressed leave sends no request, not even through later replacements', async () => {
  const { it, requests } = departures(true);
  it.suppressLeave(0 as MemberId);
  await it.memberExited(member(0, 'crashed', 'g-0'), 50);
  await it.memberExited(member(1, 'crashed', 'g-0', null), undefined);
  expect(requests).toEqual([]);
});

test('a group that is stopped leaves for all its static members', async () => {
  const { it, requests, events, stopping } = departures(true);
  stopping.abort();
  await it.memberExited(member(0, 'left', 'g-0'), undefined);
  await it.memberExited(member(1, 'left', 'g-1'), undefined);
  expect(requests).toEqual([]);
  await it.groupStopped();
  expect(requests).toEqual(['leave name-0', 'leave name-1']);
  expect(events).toEqual([]);
});

const durable = { groupInstanceId: 'web', durable: { ...durableDefaults, changelogTopic: 'c' } };

test('members of a named process have its name in their ids, and stay in a durable group that is stopped', async () => {
  const { it, requests, stopping } = departures(true, 0, durable);
  expect(it.instanceIdForNext()).toBe('web-0');
  stopping.abort();
  await it.memberExited(member(0, 'left', 'web-0'), undefined);
  await it.groupStopped();
  expect(requests).toEqual([]);
});

test('a member that was refused leaves the slot to its predecessor, which is released again', async () => {
  const { it, requests } = departures(true, 0, durable);
  const refused = { ...member(1, 'crashed', 'web-0'), fenced: true, hasJoined: false };
  // No predecessor is known: another process has the slot.
  expect(it.isTakenElsewhere(refused)).toBe(true);
  await it.memberExited(member(0, 'crashed', 'web-0'), 50);
  expect(it.isTakenElsewhere(refused)).toBe(false);
  await it.memberExited(refused, 50);
  expect(requests).toEqual(['release name-0', 'release name-0']);
  // It was in the group: another process has replaced it.
  expect(it.isTakenElsewhere({ ...refused, hasJoined: true })).toBe(true);
});
