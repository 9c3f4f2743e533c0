import type { Connection } from '../../config/connection.ts';
import type { BrokerProxy } from '../faults/broker-proxy.ts';
import { brokerIds, type BrokerWorld } from '../faults/fault-world.ts';
import { defineFault, faultFinder, type Fault, type FaultEnd } from '../faults/fault.ts';
import { bounceBoth } from '../faults/kinds/bounce-both.ts';
import { brokerKill } from '../faults/kinds/broker-kill.ts';
import { brokerPause } from '../faults/kinds/broker-pause.ts';
import { controllerKill } from '../faults/kinds/controller-kill.ts';
import { coordinatorMoved } from '../faults/kinds/coordinator-moved.ts';
import { leaderMoved } from '../faults/kinds/leader-moved.ts';
import { isPossible } from '../run-resources.ts';
import { coordinatorKill, transactionCoordinatorKill } from './coordinator-faults.ts';
import type { CountingProcess } from './counting-process.ts';
import type { ProcessGroup } from './process-group.ts';
import { portsOf } from './process-ports.ts';

/** Everything that a fault of a run across processes may act on. */
export interface ProcessWorld extends BrokerWorld {
  readonly processes: ProcessGroup;
  /** Between the processes and the brokers. */
  readonly proxy?: BrokerProxy;
}

/** What the faults have in common that end or pause processes. Several may overlap. */
const ending = { scope: 'process', lane: 'none', endsProcesses: true } as const;

/** Aims at a process that runs. */
function aimAtOne(
  begin: (processes: ProcessGroup, chosen: CountingProcess) => Promise<FaultEnd>,
): Fault<string, ProcessWorld>['aim'] {
  return ({ processes }, { random }) => {
    const chosen = processes.choose(random);
    return chosen && { text: chosen.name, begin: () => begin(processes, chosen) };
  };
}

const processKill = defineFault({
  kind: 'process-kill',
  does: 'kills a process (SIGKILL), then starts another',
  ...ending,
  durationMs: [100, 4_000],
  aim: aimAtOne(async (processes, chosen) => {
    await processes.kill(chosen);
    return () => started(processes, 1);
  }),
});

const processKillAll = defineFault({
  kind: 'process-kill-all',
  does: 'kills all processes at once (SIGKILL), then starts the same number of processes',
  ...ending,
  durationMs: [100, 3_000],
  aim: ({ processes }: ProcessWorld) => {
    const chosen = processes.running;
    if (chosen.length === 0) return undefined;
    return {
      text: chosen.map(({ name }) => name).join(', '),
      begin: async () => {
        await Promise.all(chosen.map((one) => processes.kill(one)));
        return () => started(processes, chosen.length);
      },
    };
  },
});

/** Half of the pauses are longer than a session of 3 s: the group continues without the process. */
const processPause = defineFault({
  kind: 'process-pause',
  does: 'pauses a process (SIGSTOP), then resumes it (SIGCONT)',
  ...ending,
  durationMs: [500, 8_000],
  aim: aimAtOne((processes, chosen) => {
    processes.signal(chosen, 'SIGSTOP');
    return Promise.resolve(() => {
      processes.signal(chosen, 'SIGCONT');
      return Promise.resolve();
    });
  }),
});

const processStop = defineFault({
  kind: 'process-stop',
  does: 'stops a process (SIGTERM), which has to exit with 0, then starts another',
  ...ending,
  durationMs: [100, 4_000],
  aim: aimAtOne(async (processes, chosen) => {
    await processes.stop(chosen);
    return () => started(processes, 1);
  }),
});

const processJoin = defineFault({
  kind: 'process-join',
  does: 'starts one more process, then stops it (SIGTERM)',
  scope: 'process',
  lane: 'membership',
  durationMs: [3_000, 8_000],
  endsProcesses: true,
  aim: ({ processes }: ProcessWorld) => ({
    text: 'one more',
    begin: () => {
      const added = processes.start();
      return Promise.resolve(async () => {
        if (added.isRunning) await processes.stop(added);
      });
    },
  }),
});

const cuts = [
  { ways: ['toBroker', 'toMember'], text: '' },
  { ways: ['toBroker', 'toMember'], text: '' },
  { ways: ['toBroker'], text: ', requests only' },
  { ways: ['toMember'], text: ', responses only' },
] as const;

const processCut = defineFault({
  kind: 'process-cut',
  does: 'blocks the traffic between a process and all brokers, in one direction or both',
  scope: 'process',
  lane: 'network',
  durationMs: [500, 8_000],
  needs: 'managed',
  aim: (world: ProcessWorld, { random }) => {
    const { processes, proxy } = world;
    const chosen = processes.choose(random);
    if (chosen === undefined || proxy === undefined) return undefined;
    const { ways, text } = cuts[Math.floor(random() * cuts.length)] ?? cuts[0];
    return {
      text: `${chosen.name}${text}`,
      begin: () => {
        const closed = Object.fromEntries(ways.map((way) => [way, { closed: true }]));
        const isFrom = portsOf(chosen.pid);
        const heal = proxy.add({ clientIdPrefix: '', nodeIds: brokerIds(world), isFrom, ...closed });
        return Promise.resolve(() => {
          heal();
          return Promise.resolve();
        });
      },
    };
  },
});

/** All faults of runs across processes, in the order of the help text. */
export const processFaults = [
  processKill,
  processKillAll,
  processPause,
  processStop,
  processJoin,
  processCut,
  brokerKill,
  brokerPause,
  controllerKill,
  bounceBoth,
  leaderMoved,
  coordinatorMoved,
  coordinatorKill,
  transactionCoordinatorKill,
] as const;

export type ProcessFaultKind = (typeof processFaults)[number]['kind'];

export const processFaultKinds: readonly ProcessFaultKind[] = processFaults.map(({ kind }) => kind);

export const processFaultOf = faultFinder<ProcessFaultKind, ProcessWorld>(processFaults);

/** Kinds of faults that are possible with the given brokers. */
export function possibleProcessKinds(source: Connection['source']): ProcessFaultKind[] {
  return processFaults.filter((fault) => isPossible(fault, source)).map(({ kind }) => kind);
}

function started(processes: ProcessGroup, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) processes.start();
  return Promise.resolve();
}
