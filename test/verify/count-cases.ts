import type { MemberEffect } from '../../src/history/event.ts';
import { type RecordedEvent, batch, digestOf, evidenceTo, totalsOf } from './known-history.ts';
import {
  acquired,
  commit,
  fault,
  killed,
  lost,
  p0,
  produced,
  recovered,
  released,
  tenBatch,
  withPartition,
  type Cases,
} from './events.ts';

const hit = (memberEffect: MemberEffect, member: number, at: number): RecordedEvent => ({
  type: 'faultBegun',
  index: 0,
  kind: 'any',
  scope: 'member',
  memberEffect,
  target: 'x',
  members: [member],
  at,
});

export const countCases: Cases<'exactly-once' | 'commit-safety' | 'takeover'> = {
  'exactly-once': {
    bad: [
      {
        what: 'a record less in the table',
        events: tenBatch,
        evidence: withPartition({ table: { ...totalsOf(0, 8), nextOffset: 10 } }),
      },
      {
        what: 'one lost and one doubled',
        events: tenBatch,
        evidence: withPartition({
          table: {
            ...totalsOf(0, 9),
            nextOffset: 10,
            digest: BigInt.asUintN(64, digestOf(0, 0, 8) + digestOf(0, 0, 0)),
          },
        }),
      },
      {
        what: 'a batch that is missing from the history',
        events: [acquired(1, 1), batch(1, 1, 0, 4)],
        evidence: evidenceTo(10),
      },
      {
        what: 'a word too often',
        events: tenBatch,
        evidence: { ...evidenceTo(10), words: { differing: 1, differences: ['a: 2, not 1'] } },
      },
      {
        what: 'an acknowledged record that is missing',
        events: tenBatch,
        evidence: withPartition({ acknowledged: 11 }),
      },
      ...(['nullRecords', 'words', 'distinctWords', 'bytes'] as const).map((name) => ({
        what: `${name} of the table that the reader does not find`,
        events: tenBatch,
        evidence: withPartition({ table: { ...totalsOf(0, 9), nextOffset: 10, [name]: totalsOf(0, 9)[name] + 1 } }),
      })),
      {
        what: 'words of batches that are not in the table',
        events: [acquired(1, 1), { ...batch(1, 1, 0, 9), words: 21 } as RecordedEvent],
        evidence: evidenceTo(10),
      },
    ],
    good: [
      { what: 'all the same', events: tenBatch, evidence: evidenceTo(10) },
      {
        what: 'null records that table and reader agree on',
        events: tenBatch,
        evidence: withPartition({
          table: { ...totalsOf(0, 9), nextOffset: 10, nullRecords: 3 },
          read: { ...totalsOf(0, 9), ranges: [{ begin: 0, end: 10 }], nullRecords: 3 },
        }),
      },
      {
        what: 'a record that was not acknowledged is there',
        events: tenBatch,
        evidence: withPartition({ acknowledged: 9 }),
      },
    ],
  },
  'commit-safety': {
    bad: [
      { what: 'sent before it was counted', events: [...tenBatch, commit('commitSent', 1, 11)] },
      { what: 'committed beyond', events: [...tenBatch, commit('commitSent', 1, 10), commit('commitOk', 1, 11)] },
      {
        what: 'committed backwards',
        events: [
          ...tenBatch,
          commit('commitSent', 1, 10),
          commit('commitOk', 1, 10),
          commit('commitSent', 2, 5),
          commit('commitOk', 2, 5),
        ],
      },
      {
        what: 'less at the end',
        events: [...tenBatch, commit('commitSent', 1, 10), commit('commitOk', 1, 10)],
        evidence: withPartition({ committedOffset: 9 }),
      },
    ],
    good: [
      {
        what: 'answers that cross',
        events: [
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
        events: [...tenBatch, commit('commitSent', 1, 10), commit('commitFailed', 1, 10)],
        evidence: withPartition({ committedOffset: 5 }),
      },
    ],
  },
  takeover: {
    bad: [
      {
        what: 'too late after a death',
        events: [...lost(...killed), acquired(2, 2), { ...batch(2, 2, 10, 19), at: 3_001 }],
      },
      {
        what: 'too late after a leave',
        events: [
          ...lost({ type: 'drainAsked', member: 1, at: 1_000 }),
          released(1, 1),
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 2_001 },
        ],
      },
      { what: 'never', events: [...lost(...killed), produced(2_000, 9_000)] },
      {
        what: 'too late after a stall',
        events: [
          ...lost({ type: 'stuck', member: 1, at: 1_000 }),
          { type: 'fenced', member: 1, ...p0, epoch: 1 },
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 5_001 },
        ],
      },
      {
        what: 'in time after the discovery of a stall, too late after its beginning',
        events: [
          ...lost(hit('stalls', 1, 700), { type: 'stuck', member: 1, at: 1_000 }),
          { type: 'fenced', member: 1, ...p0, epoch: 1 },
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 4_800 },
        ],
      },
      { what: 'stuck, and not found', events: [...lost(hit('sticks', 1, 1_000)), produced(2_000, 5_001)] },
    ],
    good: [
      {
        what: 'stuck, but not yet for too long',
        events: [...lost(hit('sticks', 1, 1_000)), { ...batch(1, 1, 10, 19), at: 1_100 }, produced(2_000, 5_050)],
      },
      { what: 'in time', events: [...lost(...killed), acquired(2, 2), { ...batch(2, 2, 10, 19), at: 2_999 }] },
      {
        what: 'nothing to count',
        events: [
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
        events: [
          ...lost(fault('faultBegun', 'broker', 900), ...killed),
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 9_000 },
        ],
      },
      {
        what: 'another one was lost shortly before',
        events: [
          ...lost(...killed),
          { type: 'terminated', member: 3, at: 2_500 },
          { ...recovered(3, 1), partition: 1, at: 2_510 } as RecordedEvent,
          acquired(2, 2),
          { ...batch(2, 2, 10, 19), at: 4_000 },
        ],
      },
    ],
  },
};
