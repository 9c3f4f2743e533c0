import { ClusterError } from '../../errors.ts';
import { assignmentMutants } from './assignment-mutants.ts';
import { durableMutants } from './durable-mutants.ts';
import { journalMutants } from './journal-mutants.ts';
import { leakMutants } from './leak-mutants.ts';
import { leaseMutants } from './lease-mutants.ts';
import { memberMutants } from './member-mutants.ts';
import type { Mutant } from './mutant.ts';
import { supervisorMutants } from './supervisor-mutants.ts';
import { tableMutants } from './table-mutants.ts';
import { turnMutants } from './turn-mutants.ts';

/** All mutants that the checks must distinguish from the correct program. */
export const mutants: readonly Mutant[] = [
  ...leaseMutants,
  ...journalMutants,
  ...tableMutants,
  ...assignmentMutants,
  ...memberMutants,
  ...turnMutants,
  ...supervisorMutants,
  ...leakMutants,
  ...durableMutants,
];

/** @throws ClusterError usage when no mutant has this name */
export function findMutant(name: string): Mutant {
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant !== undefined) return mutant;
  throw new ClusterError('usage', `no such mutant: '${name}'`, {
    hint: `pass one of ${mutants.map((candidate) => candidate.name).join(', ')}`,
  });
}
