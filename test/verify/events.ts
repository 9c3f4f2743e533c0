import type { CheckName, Evidence } from '../../src/verify/check.ts';
import { atRest, batch, digestOf, evidenceTo, type RecordedEvent } from './known-history.ts';

export const p0 = { partition: 0 } as const;
export const acquired = (member: number, epoch: number, nextOffset = 0): RecordedEvent => ({
  type: 'acquired',
  member,
  ...p0,
  epoch,
  nextOffset,
});
export const released = (member: number, epoch: number): RecordedEvent => ({ type: 'released', member, ...p0, epoch });
export const recovered = (member: number, epoch: number): RecordedEvent => ({
  type: 'recovered',
  member,
  ...p0,
  epoch,
  replayed: false,
});
export const assigned = (member: number): RecordedEvent => ({ type: 'assigned', member, ...p0, generation: 1 });
export const revoked = (member: number): RecordedEvent => ({ type: 'revoked', member, ...p0, generation: 1 });
export const commit = (
  type: 'commitSent' | 'commitOk' | 'commitFailed',
  member: number,
  offset: number,
): RecordedEvent => ({
  type,
  member,
  ...p0,
  offset,
});
export const produced = (endOffset: number, at: number): RecordedEvent => ({ type: 'produced', ...p0, endOffset, at });
export const fault = (type: 'faultBegun' | 'faultEnded', scope: 'member' | 'broker', at: number): RecordedEvent => ({
  type,
  index: 0,
  kind: scope === 'broker' ? 'broker-kill' : 'stall',
  scope,
  target: 'x',
  at,
});
export const sampled = (nextOffset: number, fromTicket: number, change: Partial<RecordedEvent> = {}): RecordedEvent =>
  ({
    type: 'sampled',
    ...p0,
    fromTicket,
    nextOffset,
    records: nextOffset,
    words: 2 * nextOffset,
    digest: digestOf(0, 0, nextOffset - 1),
    ...change,
  }) as RecordedEvent;

export interface Case {
  readonly what: string;
  readonly events: readonly RecordedEvent[];
  readonly evidence?: Evidence;
}

export const figures = {
  ...{ threads: 11, rdkThreads: 0, clients: 0, eventLoops: 3, fileDescriptors: 26, reservations: 0 },
  ...{ liveMib: 24, anonymousMib: 200 },
};
export const clean = { before: figures, earlier: [], after: figures, cycles: 10, leftovers: [] };
export const withHygiene = (change: Partial<typeof figures>, leftovers: string[] = []): Evidence => ({
  hygiene: { ...clean, after: { ...figures, ...change }, leftovers },
});
/** Runs of one process, of which the last one is judged. @param changes - after each of them */
export const withRuns = (changes: readonly Partial<typeof figures>[]): Evidence => {
  const runs = changes.map((change) => ({ ...figures, ...change }));
  return { hygiene: { ...clean, earlier: runs.slice(0, -1), after: runs.at(-1) ?? figures } };
};
export const withRest = (change: Partial<typeof atRest>): Evidence => ({ rest: { ...atRest, ...change } });
export const partitionEvidence = evidenceTo(10).partitions?.[0];
if (partitionEvidence === undefined) throw new Error('no evidence');
export const withPartition = (change: Partial<typeof partitionEvidence>): Evidence => ({
  ...evidenceTo(10),
  partitions: [{ ...partitionEvidence, ...change }],
});
export const tenBatch = [acquired(1, 1), batch(1, 1, 0, 9)];
/** Member 1 owns, there is lag, and it is lost at 1,000. */
export const lost = (...how: RecordedEvent[]): RecordedEvent[] => [
  acquired(1, 1),
  { ...batch(1, 1, 0, 9), at: 500 },
  produced(1_000, 600),
  ...how,
];
export const killed: RecordedEvent[] = [
  { type: 'terminated', member: 1, at: 1_000 },
  { ...recovered(1, 1), at: 1_010 },
  { type: 'exited', member: 1, code: 1, crashed: true },
];
export const alive: RecordedEvent = { type: 'started', member: 1, at: 1 };

/** For each check, histories that it must fail and similar ones that it must pass. */
export type Cases<Names extends CheckName> = Record<
  Names,
  { readonly bad: readonly Case[]; readonly good: readonly Case[] }
>;
