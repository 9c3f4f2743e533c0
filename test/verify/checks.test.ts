import { describe, expect, test } from 'vitest';
import type { CheckId, Evidence } from '../../src/verify/check.ts';
import { allChecks } from '../../src/verify/all-checks.ts';
import { atRest, batch, digestOf, evidenceTo, result, type Told } from './known-history.ts';

const p0 = { partition: 0 } as const;
const acquired = (member: number, epoch: number, nextOffset = 0): Told => ({
  type: 'acquired',
  member,
  ...p0,
  epoch,
  nextOffset,
});
const released = (member: number, epoch: number): Told => ({ type: 'released', member, ...p0, epoch });
const recovered = (member: number, epoch: number): Told => ({
  type: 'recovered',
  member,
  ...p0,
  epoch,
  replayed: false,
});
const assigned = (member: number): Told => ({ type: 'assigned', member, ...p0, generation: 1 });
const revoked = (member: number): Told => ({ type: 'revoked', member, ...p0, generation: 1 });
const commit = (type: 'commitSent' | 'commitOk' | 'commitFailed', member: number, offset: number): Told => ({
  type,
  member,
  ...p0,
  offset,
});
const produced = (endOffset: number, at: number): Told => ({ type: 'produced', ...p0, endOffset, at });
const fault = (type: 'faultBegun' | 'faultEnded', scope: 'member' | 'broker', at: number): Told => ({
  type,
  index: 0,
  kind: scope === 'broker' ? 'broker-kill' : 'stall',
  scope,
  target: 'x',
  at,
});
const sampled = (nextOffset: number, fromTicket: number, change: Partial<Told> = {}): Told =>
  ({
    type: 'sampled',
    ...p0,
    fromTicket,
    nextOffset,
    records: nextOffset,
    words: 2 * nextOffset,
    digest: digestOf(0, 0, nextOffset - 1),
    ...change,
  }) as Told;

interface Case {
  readonly what: string;
  readonly told: readonly Told[];
  readonly evidence?: Evidence;
}

const figures = { threads: 12, rdkThreads: 0, fileDescriptors: 30, rssMib: 200 };
const clean = { before: figures, after: figures, cycles: 10, leftovers: [] };
const withHygiene = (change: Partial<typeof figures>, leftovers: string[] = []): Evidence => ({
  hygiene: { ...clean, after: { ...figures, ...change }, leftovers },
});
const withRest = (change: Partial<typeof atRest>): Evidence => ({ rest: { ...atRest, ...change } });
const [first, second, third] = atRest.members;
const [part0, part1] = atRest.partitions;
if (!first || !second || !third || !part0 || !part1) throw new Error('no members');
const partitionEvidence = evidenceTo(10).partitions?.[0];
if (partitionEvidence === undefined) throw new Error('no evidence');
const withPartition = (change: Partial<typeof partitionEvidence>): Evidence => ({
  ...evidenceTo(10),
  partitions: [{ ...partitionEvidence, ...change }],
});
const tenBatch = [acquired(1, 1), batch(1, 1, 0, 9)];
/** Member 1 owns, there is lag, and it is lost at 1,000. */
const lost = (...how: Told[]): Told[] => [
  acquired(1, 1),
  { ...batch(1, 1, 0, 9), at: 500 },
  produced(1_000, 600),
  ...how,
];
const killed: Told[] = [
  { type: 'terminated', member: 1, at: 1_000 },
  { ...recovered(1, 1), at: 1_010 },
  { type: 'exited', member: 1, code: 1, crashed: true },
];
const alive: Told = { type: 'started', member: 1, at: 1 };

const cases: Record<CheckId, { readonly bad: readonly Case[]; readonly good: readonly Case[] }> = {
  H: {
    bad: [
      { what: 'rows that found the ring full', told: [{ type: 'rowsDropped', member: 1, rows: 1 }] },
      { what: 'and many of them', told: [acquired(1, 1), { type: 'rowsDropped', member: 2, rows: 500 }] },
    ],
    good: [{ what: 'none', told: tenBatch }],
  },
  V1: {
    bad: [
      { what: 'acquired while another holds it', told: [acquired(1, 1), acquired(2, 2)] },
      { what: 'an epoch left out', told: [acquired(1, 1), released(1, 1), acquired(2, 3)] },
      { what: 'an epoch used twice', told: [acquired(1, 1), released(1, 1), acquired(2, 1)] },
      { what: 'a batch after the release', told: [acquired(1, 1), released(1, 1), batch(1, 1, 0, 9)] },
      {
        what: "a batch under the next owner's lease",
        told: [acquired(1, 1), released(1, 1), acquired(2, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch with an old epoch of its own',
        told: [acquired(1, 1), released(1, 1), acquired(1, 2), batch(1, 1, 0, 9)],
      },
      {
        what: 'a batch of a fenced member',
        told: [acquired(1, 1), { type: 'fenced', member: 1, ...p0, epoch: 1 }, batch(1, 1, 0, 9)],
      },
      { what: 'a release by another', told: [acquired(1, 1), released(2, 1)] },
      {
        what: 'recovery of a lease that another holds',
        told: [acquired(1, 1), released(1, 1), acquired(2, 2), recovered(1, 1)],
      },
    ],
    good: [
      {
        what: 'hand-over',
        told: [acquired(1, 1), batch(1, 1, 0, 9), released(1, 1), acquired(2, 2), batch(2, 2, 10, 19)],
      },
      {
        what: 'a claim that its member did not live to tell',
        told: [acquired(1, 1), released(1, 1), recovered(2, 2), acquired(3, 3)],
      },
      { what: 'a release told but not done', told: [acquired(1, 1), released(1, 1), recovered(1, 1), acquired(2, 2)] },
      {
        what: 'fenced, then taken',
        told: [acquired(1, 1), { type: 'fenced', member: 1, ...p0, epoch: 1 }, acquired(2, 2)],
      },
    ],
  },
  V1k: { bad: [], good: [{ what: 'an overlap, which is only reported', told: [assigned(1), assigned(2)] }] },
  V2: {
    bad: [
      { what: 'a batch twice', told: [batch(1, 1, 0, 9), batch(1, 1, 0, 9)] },
      { what: 'one offset twice, across owners', told: [batch(1, 1, 0, 9), batch(2, 2, 9, 12)] },
      { what: 'a step back', told: [batch(1, 1, 10, 19), batch(1, 1, 0, 9)] },
      { what: 'more records than offsets', told: [{ ...batch(1, 1, 0, 9), records: 11 } as Told] },
      {
        what: 'advanced backwards',
        told: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 10 }],
      },
    ],
    good: [
      { what: 'one after the other, with a hole', told: [batch(1, 1, 0, 9), batch(2, 2, 12, 15)] },
      { what: 'fewer records than offsets', told: [{ ...batch(1, 1, 0, 9), records: 8 } as Told] },
      {
        what: 'advanced by one',
        told: [batch(1, 1, 0, 9), { type: 'advanced', member: 1, ...p0, epoch: 1, nextOffset: 11 }],
      },
    ],
  },
  V3: {
    bad: [
      { what: 'a record between two batches', told: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)], evidence: evidenceTo(10) },
      { what: 'a record before the first', told: [batch(1, 1, 1, 9)], evidence: evidenceTo(10) },
      { what: 'a record behind the last', told: [batch(1, 1, 0, 8)], evidence: evidenceTo(10) },
      {
        what: 'a batch that counted one too few',
        told: [{ ...batch(1, 1, 0, 9), records: 9 } as Told],
        evidence: evidenceTo(10),
      },
    ],
    good: [
      {
        what: 'a hole where there are no records',
        told: [batch(1, 1, 0, 3), batch(1, 1, 5, 9)],
        evidence: withPartition({
          read: {
            ranges: [
              { begin: 0, end: 4 },
              { begin: 5, end: 10 },
            ],
            records: 9,
            digest: 0n,
          },
        }),
      },
    ],
  },
  V4: {
    bad: [
      {
        what: 'a record less in the table',
        told: tenBatch,
        evidence: withPartition({ table: { nextOffset: 10, records: 9, digest: digestOf(0, 0, 8) } }),
      },
      {
        what: 'one lost and one doubled',
        told: tenBatch,
        evidence: withPartition({
          table: { nextOffset: 10, records: 10, digest: BigInt.asUintN(64, digestOf(0, 0, 8) + digestOf(0, 0, 0)) },
        }),
      },
      { what: 'a batch that no history tells of', told: [acquired(1, 1), batch(1, 1, 0, 4)], evidence: evidenceTo(10) },
      {
        what: 'a word too often',
        told: tenBatch,
        evidence: { ...evidenceTo(10), words: { differing: 1, differences: ['a: 2, not 1'] } },
      },
      {
        what: 'an acknowledged record that nobody finds',
        told: tenBatch,
        evidence: withPartition({ acknowledged: 11 }),
      },
    ],
    good: [
      { what: 'all the same', told: tenBatch, evidence: evidenceTo(10) },
      {
        what: 'a record that was not acknowledged is there',
        told: tenBatch,
        evidence: withPartition({ acknowledged: 9 }),
      },
    ],
  },
  V5: {
    bad: [
      { what: 'sent before it was counted', told: [...tenBatch, commit('commitSent', 1, 11)] },
      { what: 'committed beyond', told: [...tenBatch, commit('commitSent', 1, 10), commit('commitOk', 1, 11)] },
      {
        what: 'committed backwards',
        told: [
          ...tenBatch,
          commit('commitSent', 1, 10),
          commit('commitOk', 1, 10),
          commit('commitSent', 2, 5),
          commit('commitOk', 2, 5),
        ],
      },
      {
        what: 'less at the end',
        told: [...tenBatch, commit('commitSent', 1, 10), commit('commitOk', 1, 10)],
        evidence: withPartition({ committedOffset: 9 }),
      },
    ],
    good: [
      {
        what: 'answers that cross',
        told: [
          ...tenBatch,
          commit('commitSent', 2, 5),
          commit('commitSent', 1, 10),
          commit('commitOk', 1, 10),
          commit('commitOk', 2, 5),
        ],
        evidence: evidenceTo(10),
      },
      {
        what: 'a last commit that failed',
        told: [...tenBatch, commit('commitSent', 1, 10), commit('commitFailed', 1, 10)],
        evidence: withPartition({ committedOffset: 5 }),
      },
    ],
  },
  V7: {
    bad: [
      {
        what: 'too late after a death',
        told: [...lost(...killed), acquired(2, 2), { ...batch(2, 2, 10, 19), at: 3_001 }],
      },
      {
        what: 'too late after a leave',
        told: [
          ...lost({ type: 'drainAsked', member: 1, at: 1_000 }),
          released(1, 1),
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 2_001 },
        ],
      },
      { what: 'never', told: [...lost(...killed), produced(2_000, 9_000)] },
      {
        what: 'too late after a stall',
        told: [
          ...lost({ type: 'stuck', member: 1, at: 1_000 }),
          { type: 'fenced', member: 1, ...p0, epoch: 1 },
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 5_001 },
        ],
      },
    ],
    good: [
      { what: 'in time', told: [...lost(...killed), acquired(2, 2), { ...batch(2, 2, 10, 19), at: 2_999 }] },
      {
        what: 'nothing to count',
        told: [
          acquired(1, 1),
          batch(1, 1, 0, 9),
          produced(10, 600),
          ...killed,
          produced(20, 9_000),
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 9_500 },
        ],
      },
      {
        what: 'a broker was down',
        told: [
          ...lost(fault('faultBegun', 'broker', 900), ...killed),
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 9_000 },
        ],
      },
      {
        what: 'another was lost as well, a moment ago',
        told: [
          ...lost(...killed),
          { type: 'terminated', member: 3, at: 2_500 },
          { ...recovered(3, 1), partition: 1, at: 2_510 } as Told,
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 4_000 },
        ],
      },
    ],
  },
  V8: {
    bad: [
      { what: 'lag', told: [], evidence: withRest({ partitions: [{ ...part0, nextOffset: 9 }, part1] }) },
      { what: 'no owner', told: [], evidence: withRest({ partitions: [{ ...part0, owner: undefined }, part1] }) },
      { what: 'an owner that is dead', told: [], evidence: withRest({ partitions: [{ ...part0, owner: 9 }, part1] }) },
      {
        what: 'two that say to have it',
        told: [],
        evidence: withRest({ members: [first, { ...second, partitions: [0, 1] }, third] }),
      },
    ],
    good: [{ what: 'all at rest', told: [], evidence: { rest: atRest } }],
  },
  V9: {
    bad: [
      { what: 'half a batch', told: [...tenBatch, sampled(5, 3)] },
      {
        what: 'an old state',
        told: [...tenBatch, batch(1, 1, 10, 19), batch(1, 1, 20, 29), sampled(0, 5, { digest: 0n })],
      },
      { what: 'a step back', told: [...tenBatch, batch(1, 1, 10, 19), sampled(20, 3), sampled(10, 3)] },
      { what: 'words torn from records', told: [...tenBatch, sampled(10, 3, { words: 19 })] },
      {
        what: 'a count that fell',
        told: tenBatch,
        evidence: { sampler: { samples: 2, faults: ['a count fell from 2 to 1'] } },
      },
    ],
    good: [
      {
        what: 'the state before the batch in progress',
        told: [...tenBatch, batch(1, 1, 10, 19), sampled(10, 4)],
        evidence: { sampler: { samples: 1, faults: [] } },
      },
      { what: 'the newest', told: [...tenBatch, batch(1, 1, 10, 19), sampled(20, 4), sampled(20, 5)] },
    ],
  },
  V10: {
    bad: [
      { what: 'a thread of the client', told: [], evidence: withHygiene({ rdkThreads: 1 }) },
      { what: 'threads', told: [], evidence: withHygiene({ threads: 17 }) },
      { what: 'open files', told: [], evidence: withHygiene({ fileDescriptors: 39 }) },
      { what: 'memory', told: [], evidence: withHygiene({ rssMib: 340 }) },
      { what: 'a lease', told: [], evidence: withHygiene({}, ['table 0 is still held']) },
    ],
    good: [
      {
        what: 'a little more of some',
        told: [],
        evidence: withHygiene({ threads: 16, fileDescriptors: 38, rssMib: 320 }),
      },
    ],
  },
  V11: {
    bad: [
      { what: 'records and no batch', told: [alive, ...tenBatch, produced(100, 100), produced(100, 5_200)] },
      {
        what: 'the same, seen at the end',
        told: [alive, ...tenBatch, produced(100, 100), { type: 'started', member: 2, at: 6_000 }],
      },
      {
        what: 'long after a fault',
        told: [
          alive,
          ...tenBatch,
          produced(100, 100),
          fault('faultBegun', 'broker', 200),
          fault('faultEnded', 'broker', 1_000),
          produced(100, 6_100),
        ],
      },
    ],
    good: [
      { what: 'just in time', told: [alive, ...tenBatch, produced(100, 100), { ...batch(1, 1, 10, 99), at: 5_000 }] },
      { what: 'nothing to count', told: [alive, ...tenBatch, produced(10, 100), produced(10, 50_000)] },
      {
        what: 'a fault goes on',
        told: [alive, ...tenBatch, produced(100, 100), fault('faultBegun', 'broker', 200), produced(100, 50_000)],
      },
      {
        what: 'nobody lives',
        told: [
          alive,
          ...tenBatch,
          produced(100, 100),
          { type: 'exited', member: 1, code: 1, crashed: true },
          produced(100, 50_000),
        ],
      },
    ],
  },
  standby: {
    bad: [
      { what: 'a batch of one that stands by', told: [assigned(1), acquired(1, 1), batch(2, 1, 0, 9)] },
      { what: 'a batch after the revocation', told: [assigned(1), acquired(1, 1), revoked(1), batch(1, 1, 0, 9)] },
      {
        what: 'nobody stands by',
        told: [],
        evidence: withRest({ members: [first, second, { ...third, phase: 'joining' }] }),
      },
    ],
    good: [{ what: 'the one too many', told: [assigned(1), ...tenBatch], evidence: { rest: atRest } }],
  },
  balance: {
    bad: [
      { what: 'two and none', told: [], evidence: withRest({ members: [{ ...first, partitions: [0, 1] }, third] }) },
      {
        what: 'three and one',
        told: [],
        evidence: withRest({ members: [{ ...first, partitions: [0, 1, 2] }, second] }),
      },
    ],
    good: [
      { what: 'two and one', told: [], evidence: withRest({ members: [{ ...first, partitions: [0, 1] }, second] }) },
    ],
  },
};

describe.each(allChecks)('$id $name', ({ id }) => {
  const { bad, good } = cases[id];

  test.each(bad)('fails: $what', ({ told, evidence }) => {
    const { violationsTotal, violations } = result(id, told, evidence);
    expect(violationsTotal).toBeGreaterThan(0);
    expect(violations.length).toBeGreaterThan(0);
  });

  test.each(good)('passes: $what', ({ told, evidence }) => {
    expect(result(id, told, evidence).violations).toEqual([]);
  });
});

test('every check that judges has at least two histories that fail it', () => {
  for (const { id } of allChecks.filter((check) => check.id !== 'V1k')) {
    expect(cases[id].bad.length, id).toBeGreaterThanOrEqual(2);
  }
});

test("a group's overlapping assignments are reported, and those without a fault apart", () => {
  expect(result('V1k', [assigned(1), assigned(2)]).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 1 });
  const during = [assigned(1), fault('faultBegun', 'member', 5), assigned(2)];
  expect(result('V1k', during).reported).toEqual({ overlaps: 1, overlapsWithoutFault: 0 });
});

test('the first violation comes with the events around it', () => {
  const { around } = result('V1', [
    acquired(1, 1),
    batch(1, 1, 0, 9),
    acquired(2, 2),
    batch(1, 1, 10, 19),
    released(2, 2),
  ]);
  expect(around.map(({ type }) => type)).toEqual(['acquired', 'batchApplied', 'acquired', 'batchApplied', 'released']);
});

test('what was not looked at is not judged, and says so', () => {
  for (const id of ['V3', 'V4', 'V8', 'V9', 'V10', 'V11', 'balance'] as const) {
    expect(result(id, tenBatch).skipped, id).toBeDefined();
  }
});
