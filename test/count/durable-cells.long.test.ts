import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Apply,
  Begin,
  Claim,
  Complete,
  Fail,
  Follow,
  Member,
  Release,
  RestoreAll,
  type Command,
  type Model,
  type Real,
} from './durable-commands.ts';
import { createDurable } from './durable-thread.ts';
import { emptyContent } from './known-table.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_128);
const members = 3;
const record = fc
  .array(
    fc.nat({ max: 40 }).map((number) => `w${number}`),
    { maxLength: 8 },
  )
  .map((words) => words.join(' '));
const batch = fc.array(record, { minLength: 1, maxLength: 3 });
const writes = fc.oneof(
  { weight: 6, arbitrary: fc.constant(Infinity) },
  { weight: 1, arbitrary: fc.nat({ max: 12 }) },
  { weight: 1, arbitrary: fc.nat({ max: 300 }) },
);
const claim = fc.nat({ max: members - 1 }).map((number) => new Claim(number));
const apply = fc.tuple(writes, batch).map((parts) => new Apply(...parts));
const begin = writes.map((number) => new Begin(number));
const complete = writes.map((number) => new Complete(number));
const commands = fc.commands<Model, Real>(
  [
    ...[claim, claim, claim, claim, apply, apply, apply, begin, begin, complete],
    fc.constant(new Fail(Infinity)),
    fc.tuple(writes, batch).map((parts) => new Follow(...parts)),
    writes.map((number) => new RestoreAll(number)),
    fc.constant(new Release()),
  ] satisfies fc.Arbitrary<Command>[],
  { maxCommands: 100, size: 'max' },
);

test('completed commits add up to the table, and no changed word is missed, at whichever write a thread ends', () => {
  const ran = new Map<string, number>();
  fc.assert(
    fc.property(commands, (sequence) => {
      const durable = createDurable(7);
      const real = {
        durable,
        members: Array.from({ length: members }, () => new Member(durable)),
        ran: (name: string) => ran.set(name, (ran.get(name) ?? 0) + 1),
      };
      const content = emptyContent(7);
      const model: Model = {
        content,
        committed: content,
        changelog: [],
        owner: undefined,
        flight: undefined,
        restoring: false,
      };
      fc.modelRun(() => ({ model, real }), sequence);
    }),
    { seed, numRuns: 120 },
  );
  const names = ['Apply', 'Begin', 'Complete', 'Follow', 'RestoreAll'];
  expect([...ran.keys()].sort()).toEqual(['Fail', ...names, ...names.map((name) => `${name} died`)].sort());
});
