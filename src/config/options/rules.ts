import { ClusterError } from '../../errors.ts';
import { flagOfName } from './option.ts';

interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** A condition on the options of a command. @returns an empty list when it holds */
export type Rule<Flags> = (flags: Flags, isGiven: (name: string) => boolean) => readonly Problem[];

/**
 * Rejects options that have no effect together with the others.
 * @param why - completes "--svg has no effect …": `without --lane rebalance`
 * @param when - true when the options have no effect
 */
export function noEffect<Flags>(
  names: readonly (keyof Flags & string)[],
  why: string,
  when: (flags: Flags, isGiven: (name: keyof Flags & string) => boolean) => boolean,
): Rule<Flags> {
  return (flags, isGiven) => {
    if (!when(flags, isGiven)) return [];
    const given = names.filter(isGiven).map(flagOfName);
    if (given.length === 0) return [];
    const [list, verb] = [listed(given), given.length === 1 ? 'has' : 'have'];
    return [{ message: `${list} ${verb} no effect ${why}`, hint: `omit ${list}` }];
  };
}

/** Rejects more than one of the options. @param why - a clause: `each selects the faults` */
export function onlyOne<Flags>(names: readonly (keyof Flags & string)[], why: string): Rule<Flags> {
  return (_, isGiven) => {
    const given = names.filter(isGiven).map(flagOfName);
    if (given.length < 2) return [];
    return [
      {
        message: `${listed(given)} are mutually exclusive: ${why}`,
        hint: `pass only one of ${given.join(', ')}`,
      },
    ];
  };
}

const listed = (flags: readonly string[]): string => new Intl.ListFormat('en-GB').format(flags);

/** @throws ClusterError usage, with the first problem as message and the others in the hint */
export function checkRules<Flags>(
  rules: readonly Rule<Flags>[],
  flags: Flags,
  isGiven: (name: string) => boolean,
): void {
  const [first, ...others] = rules.flatMap((rule) => rule(flags, isGiven));
  if (first === undefined) return;
  const hint = [first.hint, ...others.map(({ message }) => message)].join('; ');
  throw new ClusterError('usage', first.message, { hint });
}
