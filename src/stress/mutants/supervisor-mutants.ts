import type { Mutant } from './mutant.ts';

/** Bugs in supervisors: which members they recover, fence, end and replace. */
export const supervisorMutants: readonly Mutant[] = [
  {
    name: 'recovers-the-living',
    breaks: 'when a member ends, the tables of all members are released',
    side: 'supervisor',
    simulated: true,
    judges: ['exclusive-ownership'],
    faults: ['crash'],
    edits: [
      {
        file: 'cluster/table-registry.js',
        from: 'leaseOwner(table) === member',
        to: 'leaseOwner(table) !== undefined',
      },
    ],
  },
  {
    name: 'never-recovers',
    breaks: 'the tables of a dead member are never released: no other member can continue',
    side: 'supervisor',
    simulated: true,
    judges: ['takeover', 'liveness'],
    faults: ['crash'],
    edits: [{ file: 'cluster/table-registry.js', from: 'leaseOwner(table) === member', to: 'false' }],
  },
  {
    name: 'recovers-before-join',
    breaks: 'the tables of a member are recovered before its thread has ended',
    side: 'supervisor',
    simulated: false,
    judges: ['exclusive-ownership', 'order-across-owners', 'exactly-once'],
    faults: ['crash'],
    edits: [
      {
        file: 'cluster/supervisor.js',
        from: 'await handle.terminate();',
        to: 'this.#tables.recoverTablesOf(memberId);\n        await new Promise((resolve) => setTimeout(resolve, 20));\n        await handle.terminate();',
      },
    ],
  },
  {
    name: 'watchdog-never-fires',
    breaks: 'a stuck member is never detected: its partitions make no progress until max.poll.interval.ms',
    side: 'supervisor',
    simulated: true,
    judges: ['takeover'],
    faults: ['stuck'],
    edits: [{ file: 'cluster/watchdog.js', from: '>= this.#limitMs)', to: '>= Infinity)' }],
  },
  {
    name: 'never-replaces',
    breaks: 'a crashed member is not replaced',
    side: 'supervisor',
    simulated: true,
    judges: ['liveness'],
    faults: ['crash'],
    edits: [
      {
        file: 'cluster/restart-policy.js',
        from: 'if (crashesMs.length > policy.restartsMax)',
        to: 'if (crashesMs.length > 0)',
      },
    ],
  },
];
