import { expect, test } from 'vitest';
import { ClusterError } from '../../../src/errors.ts';
import { faultOf } from '../../../src/stress/faults/all-faults.ts';
import { FaultRunner, type FaultListener } from '../../../src/stress/faults/fault-runner.ts';
import { defineFault, instant, type Aim, type Fault } from '../../../src/stress/faults/fault.ts';
import type { PlannedFault } from '../../../src/stress/faults/schedule.ts';
import { aborted } from '../../../src/stress/hurry.ts';
import { eventually } from '../../support/eventually.ts';
import { liveGroup } from './live-group.ts';

const group = liveGroup();

const never = new AbortController().signal;

/** A made-up fault that writes what happens to it into `lines`, as the listener does. */
function madeUp(lines: string[], facts: Partial<Fault> & Pick<Fault, 'kind'>, aim: Partial<Aim> = {}): Fault {
  const begin = (): Promise<() => Promise<void>> => {
    lines.push(`${facts.kind} takes effect`);
    return Promise.resolve(() => {
      lines.push(`${facts.kind} is undone`);
      return Promise.resolve();
    });
  };
  const target: Aim = { text: 'nothing', begin, ...aim };
  return defineFault({
    ...{ does: '', scope: 'member', lane: 'none', durationMs: instant, aim: () => target },
    ...facts,
  });
}

function runnerOf(lines: string[], faults: readonly Fault[], more: Partial<FaultListener> = {}): FaultRunner<string> {
  const listener: FaultListener = {
    onBegun: ({ planned: { kind }, aim }) => lines.push(`${kind} begins: ${aim.text}`),
    onEnded: ({ planned: { kind } }) => lines.push(`${kind} has ended`),
    onSkipped: ({ kind }) => lines.push(`${kind} skipped`),
    onFailed: ({ planned: { kind } }, reason, hasBegun) =>
      lines.push(`${kind} failed ${hasBegun ? 'to end' : 'to begin'}: ${reason}`),
    ...more,
  };
  const known = new Map(faults.map((fault) => [fault.kind, fault]));
  return new FaultRunner({ world: group().world, listener, faultOf: (kind) => known.get(kind) ?? faultOf('crash') });
}

function planned(kind: string, more: Partial<PlannedFault<string>> = {}): PlannedFault<string> {
  return { kind, atMs: 0, durationMs: 0, seed: 1, ...more };
}

test('a fault is reported before it takes effect, and after it is undone', async () => {
  const lines: string[] = [];
  const runner = runnerOf(lines, [madeUp(lines, { kind: 'short' })]);
  await runner.run([planned('short', { durationMs: 20 })], never);
  expect(lines).toEqual(['short begins: nothing', 'short takes effect', 'short is undone', 'short has ended']);
});

test('a fault waits for the previous one in its lane, and not for others', async () => {
  const lines: string[] = [];
  const blocked = new AbortController();
  const faults = [
    madeUp(lines, { kind: 'first', lane: 'broker' }, { begin: () => aborted(blocked.signal).then(() => undefined) }),
    madeUp(lines, { kind: 'second', lane: 'broker' }),
    madeUp(lines, { kind: 'other', lane: 'topic' }),
  ];
  const done = runnerOf(lines, faults).run(
    faults.map(({ kind }) => planned(kind)),
    never,
  );
  await eventually('the other lane is done', () => lines.includes('other has ended'));
  expect(lines).not.toContain('second begins: nothing');
  blocked.abort();
  await done;
  expect(lines.indexOf('first has ended')).toBeLessThan(lines.indexOf('second begins: nothing'));
  expect(lines).toContain('second has ended');
});

test('an abort ends the faults in progress and begins no more', async () => {
  const lines: string[] = [];
  const ended = new AbortController();
  const faults = [madeUp(lines, { kind: 'long' }), madeUp(lines, { kind: 'later' })];
  const runner = runnerOf(lines, faults, {
    onBegun: () => {
      ended.abort();
    },
  });
  await runner.run([planned('long', { durationMs: 10_000_000 }), planned('later', { atMs: 10_000_000 })], ended.signal);
  expect(lines).toEqual(['long takes effect', 'long is undone', 'long has ended']);
});

test('a fault without a target is skipped, one may fail, and the others continue', async () => {
  const lines: string[] = [];
  const fail = (): Promise<never> => Promise.reject(new Error('no broker'));
  const faults = [
    madeUp(lines, { kind: 'aimless', aim: () => undefined }),
    madeUp(lines, { kind: 'failing' }, { begin: fail }),
    madeUp(lines, { kind: 'not-undone' }, { begin: () => Promise.resolve(fail) }),
    madeUp(lines, { kind: 'fine' }),
  ];
  await runnerOf(lines, faults).run(
    faults.map(({ kind }) => planned(kind)),
    never,
  );
  expect(lines).toContain('aimless skipped');
  expect(lines).toContain('failing failed to begin: no broker');
  expect(lines).toContain('not-undone failed to end: no broker');
  expect(lines).toContain('fine has ended');
});

test('a run fails when a process that a fault has ended does not start again', async () => {
  const fail = (): Promise<never> => Promise.reject(new Error('port in use'));
  const fault = madeUp([], { kind: 'deadly', endsProcesses: true }, { begin: () => Promise.resolve(fail) });
  const error: unknown = await runnerOf([], [fault])
    .run([planned('deadly')], never)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ClusterError);
  expect(error).toMatchObject({ code: 'environment', message: 'deadly (nothing) could not be undone' });
});

test('a fault aims by its seed and the requested number', async () => {
  const choices: { readonly draw: number; readonly requested: number | undefined; readonly durationMs: number }[] = [];
  const aim: Fault['aim'] = (_world, { random, requested, durationMs }) => {
    choices.push({ draw: random(), requested, durationMs });
    return undefined;
  };
  const runner = runnerOf([], [madeUp([], { kind: 'any', aim })]);
  const faults = [planned('any', { requested: 3, durationMs: 5 }), planned('any'), planned('any', { seed: 2 })];
  await runner.run(faults, never);
  expect(choices.map(({ requested, durationMs }) => ({ requested, durationMs }))).toEqual([
    { requested: 3, durationMs: 5 },
    { requested: undefined, durationMs: 0 },
    { requested: undefined, durationMs: 0 },
  ]);
  expect(choices[0]?.draw).toBe(choices[1]?.draw);
  expect(choices[2]?.draw).not.toBe(choices[0]?.draw);
});
