import { atRest, batch, firstMember, part0, part1, secondMember, thirdMember } from './known-history.ts';
import {
  acquired,
  alive,
  assigned,
  fault,
  produced,
  revoked,
  sampled,
  tenBatch,
  withHygiene,
  withRest,
  type Cases,
} from './told.ts';

export const restCases: Cases<'V8' | 'V9' | 'V10' | 'V11' | 'standby' | 'balance'> = {
  V8: {
    bad: [
      { what: 'lag', told: [], evidence: withRest({ partitions: [{ ...part0, nextOffset: 9 }, part1] }) },
      { what: 'given up', told: [], evidence: withRest({ gaveUp: 'member 7 crashed once too often' }) },
      { what: 'no owner', told: [], evidence: withRest({ partitions: [{ ...part0, owner: undefined }, part1] }) },
      { what: 'an owner that is dead', told: [], evidence: withRest({ partitions: [{ ...part0, owner: 9 }, part1] }) },
      {
        what: 'two that say to have it',
        told: [],
        evidence: withRest({ members: [firstMember, { ...secondMember, partitions: [0, 1] }, thirdMember] }),
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
      { what: 'a topic made anew that did not stop it', told: tenBatch, evidence: { stoppedAtNewTopic: false } },
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
      { what: 'a topic made anew that stopped it', told: tenBatch, evidence: { stoppedAtNewTopic: true } },
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
        evidence: withRest({ members: [firstMember, secondMember, { ...thirdMember, phase: 'joining' }] }),
      },
    ],
    good: [{ what: 'the one too many', told: [assigned(1), ...tenBatch], evidence: { rest: atRest } }],
  },
  balance: {
    bad: [
      {
        what: 'two and none',
        told: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1] }, thirdMember] }),
      },
      {
        what: 'three and one',
        told: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1, 2] }, secondMember] }),
      },
    ],
    good: [
      {
        what: 'two and one',
        told: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1] }, secondMember] }),
      },
    ],
  },
};
