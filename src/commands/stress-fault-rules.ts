import type { Connection } from '../config/connection.ts';
import type { Rule } from '../config/options/rules.ts';
import { allFaultKinds, type FaultKind } from '../stress/faults/all-faults.ts';
import { possibleProcessKinds, processFaultKinds, type ProcessFaultKind } from '../stress/processes/process-faults.ts';
import { possibleKinds } from '../stress/run-resources.ts';

/** Kinds of faults of `stress`, with and without --processes. */
export const anyFaultKinds: readonly (FaultKind | ProcessFaultKind)[] = [
  ...new Set([...allFaultKinds, ...processFaultKinds]),
];

interface BrokerFlags {
  readonly brokers: Connection['source'];
  readonly bootstrapServer?: string;
}

interface FaultFlags extends BrokerFlags {
  readonly processes?: number;
  readonly faults?: readonly (FaultKind | ProcessFaultKind)[];
}

/** The brokers that the flags select. */
export function brokerSourceOf({ brokers, bootstrapServer }: BrokerFlags): Connection['source'] {
  return bootstrapServer === undefined ? brokers : 'external';
}

/** The flag that selects brokers which do not allow all faults. */
const flagOf: Readonly<Record<Connection['source'], string>> = {
  managed: '--brokers managed',
  external: '--bootstrap-server',
  mock: '--brokers mock',
};

/** Refuses named faults that could not happen: a run without them would prove nothing. */
export const faultRules: readonly Rule<FaultFlags>[] = [
  ({ processes, faults: asked = [], ...flags }) => {
    const source = brokerSourceOf(flags);
    const known: readonly string[] = processes === undefined ? allFaultKinds : processFaultKinds;
    const possible: readonly string[] = processes === undefined ? possibleKinds(source) : possibleProcessKinds(source);
    return [
      ...refusal(
        asked.filter((kind) => !known.includes(kind)),
        `${processes === undefined ? 'without' : 'with'} --processes`,
        `pass some of ${known.join(', ')}`,
      ),
      ...refusal(
        asked.filter((kind) => known.includes(kind) && !possible.includes(kind)),
        `with ${flagOf[source]}`,
        `omit ${flagOf[source]}, or pass some of ${possible.join(', ')}`,
      ),
    ];
  },
];

function refusal(kinds: readonly string[], where: string, hint: string): ReturnType<Rule<FaultFlags>> {
  if (kinds.length === 0) return [];
  const verb = kinds.length === 1 ? 'is' : 'are';
  return [{ message: `--faults ${kinds.join(',')} ${verb} not possible ${where}`, hint }];
}
