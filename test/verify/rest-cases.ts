import {
  atRest,
  batch,
  firstMember,
  part0,
  part1,
  secondMember,
  thirdMember,
  type RecordedEvent,
} from './known-history.ts';
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
  withRuns,
  withRest,
  type Cases,
} from './events.ts';

/** MiB after each of eight runs of the right program, with Node 26. */
const levels = [225.6, 249.9, 258.8, 264.6, 272, 273.7, 293.6, 281] as const;
/** Leaks that no single run shows. */
const growing = [
  { what: 'open files', name: 'fileDescriptors', from: 20, step: 1 },
  { what: 'tables', name: 'reservations', from: 4, step: 1 },
  { what: 'memory in use', name: 'liveMib', from: 24, step: 6 },
] as const;

const stuck = (member: number, at: number): RecordedEvent => ({ type: 'stuck', member, at });

export const restCases: Cases<'liveness' | 'readers' | 'hygiene' | 'no-silent-stop' | 'standby-idle' | 'balance'> = {
  liveness: {
    bad: [
      { what: 'lag', events: [], evidence: withRest({ partitions: [{ ...part0, nextOffset: 9 }, part1] }) },
      { what: 'given up', events: [], evidence: withRest({ gaveUp: 'member 7 crashed once too often' }) },
      { what: 'no owner', events: [], evidence: withRest({ partitions: [{ ...part0, owner: undefined }, part1] }) },
      {
        what: 'an owner that is dead',
        events: [],
        evidence: withRest({ partitions: [{ ...part0, owner: 9 }, part1] }),
      },
      {
        what: 'two that say to have it',
        events: [],
        evidence: withRest({ members: [firstMember, { ...secondMember, partitions: [0, 1] }, thirdMember] }),
      },
    ],
    good: [{ what: 'all at rest', events: [], evidence: { rest: atRest } }],
  },
  readers: {
    bad: [
      { what: 'half a batch', events: [...tenBatch, sampled(5, 3)] },
      {
        what: 'an old state',
        events: [...tenBatch, batch(1, 1, 10, 19), batch(1, 1, 20, 29), sampled(0, 5, { digest: 0n })],
      },
      { what: 'a step back', events: [...tenBatch, batch(1, 1, 10, 19), sampled(20, 3), sampled(10, 3)] },
      { what: 'words torn from records', events: [...tenBatch, sampled(10, 3, { words: 19 })] },
      {
        what: 'a count that fell',
        events: tenBatch,
        evidence: { sampler: { samples: 2, faults: ['a count decreased from 2 to 1'] } },
      },
    ],
    good: [
      {
        what: 'the state before the batch in progress',
        events: [...tenBatch, batch(1, 1, 10, 19), sampled(10, 4)],
        evidence: { sampler: { samples: 1, faults: [] } },
      },
      { what: 'the newest', events: [...tenBatch, batch(1, 1, 10, 19), sampled(20, 4), sampled(20, 5)] },
    ],
  },
  hygiene: {
    bad: [
      { what: 'a thread of the client', events: [], evidence: withHygiene({ rdkThreads: 1 }) },
      { what: 'a client', events: [], evidence: withHygiene({ clients: 1 }) },
      { what: 'an isolate', events: [], evidence: withHygiene({ eventLoops: 4 }) },
      { what: 'threads', events: [], evidence: withHygiene({ threads: 16 }) },
      { what: 'a thread after the second run', events: [], evidence: withRuns([{}, { threads: 12 }]) },
      { what: 'open files', events: [], evidence: withHygiene({ fileDescriptors: 33 }) },
      { what: 'memory in use', events: [], evidence: withHygiene({ liveMib: 73 }) },
      { what: 'a lease', events: [], evidence: withHygiene({}, ['table 0 is still held']) },
      ...growing.map(({ what, name, from, step }) => ({
        what: `${what} from run to run`,
        events: [],
        evidence: withRuns(levels.map((_, run) => ({ [name]: from + run * step }))),
      })),
      {
        what: 'anonymous memory from run to run, on top of what V8 and malloc keep',
        events: [],
        evidence: withRuns(levels.map((anonymousMib, run) => ({ anonymousMib: anonymousMib + run * 40 }))),
      },
    ],
    good: [
      {
        what: 'a little more of some',
        events: [],
        evidence: withHygiene({ threads: 15, fileDescriptors: 32, liveMib: 70, anonymousMib: 400 }),
      },
      {
        what: 'anonymous memory that reaches its level',
        events: [],
        evidence: withRuns(levels.map((anonymousMib) => ({ anonymousMib }))),
      },
      ...growing.map(({ what, name, from, step }) => ({
        what: `${what} that rise once`,
        events: [],
        evidence: withRuns(levels.map((_, run) => ({ [name]: run < 4 ? from : from + step }))),
      })),
      {
        what: 'growth in fewer runs than can be judged',
        events: [],
        evidence: withRuns(levels.slice(0, 6).map((_, run) => ({ anonymousMib: 200 + 100 * run }))),
      },
    ],
  },
  'no-silent-stop': {
    bad: [
      { what: 'a recreated topic that did not stop it', events: tenBatch, evidence: { stoppedAtNewTopic: false } },
      { what: 'records and no batch', events: [alive, ...tenBatch, produced(100, 100), produced(100, 5_200)] },
      {
        what: 'the same, seen at the end',
        events: [alive, ...tenBatch, produced(100, 100), { type: 'started', member: 2, at: 6_000 }],
      },
      {
        what: 'an owner that is reported stuck again and again',
        events: [alive, ...tenBatch, produced(100, 100), stuck(1, 3_000), stuck(1, 6_000), produced(100, 8_100)],
      },
      {
        what: 'another member that is stuck',
        events: [alive, ...tenBatch, produced(100, 100), stuck(2, 3_000), produced(100, 5_200)],
      },
      {
        what: 'long after a fault',
        events: [
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
      { what: 'a recreated topic that stopped it', events: tenBatch, evidence: { stoppedAtNewTopic: true } },
      { what: 'just in time', events: [alive, ...tenBatch, produced(100, 100), { ...batch(1, 1, 10, 99), at: 5_000 }] },
      { what: 'nothing to count', events: [alive, ...tenBatch, produced(10, 100), produced(10, 50_000)] },
      {
        what: 'one owner after the other is found stuck',
        events: [
          ...[alive, ...tenBatch, produced(100, 100), stuck(1, 3_000)],
          ...[acquired(2, 2), stuck(2, 7_000), acquired(3, 3), produced(100, 11_900)],
        ],
      },
      {
        what: 'a fault continues',
        events: [alive, ...tenBatch, produced(100, 100), fault('faultBegun', 'broker', 200), produced(100, 50_000)],
      },
      {
        what: 'no member is alive',
        events: [
          alive,
          ...tenBatch,
          produced(100, 100),
          { type: 'exited', member: 1, code: 1, crashed: true },
          produced(100, 50_000),
        ],
      },
    ],
  },
  'standby-idle': {
    bad: [
      { what: 'a batch of a standby', events: [assigned(1), acquired(1, 1), batch(2, 1, 0, 9)] },
      { what: 'a batch after the revocation', events: [assigned(1), acquired(1, 1), revoked(1), batch(1, 1, 0, 9)] },
      {
        what: 'no member is a standby',
        events: [],
        evidence: withRest({ members: [firstMember, secondMember, { ...thirdMember, phase: 'joining' }] }),
      },
    ],
    good: [{ what: 'the one too many', events: [assigned(1), ...tenBatch], evidence: { rest: atRest } }],
  },
  balance: {
    bad: [
      {
        what: 'two and none',
        events: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1] }, thirdMember] }),
      },
      {
        what: 'three and one',
        events: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1, 2] }, secondMember] }),
      },
    ],
    good: [
      {
        what: 'two and one',
        events: [],
        evidence: withRest({ members: [{ ...firstMember, partitions: [0, 1] }, secondMember] }),
      },
    ],
  },
};
