import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { protocolNames } from '../config/group-protocols.ts';
import { namesOf } from '../config/names-of.ts';
import { parseDurationMs } from '../config/units.ts';
import { ClusterError } from '../errors.ts';
import { allFaultKinds, faultOf, type FaultKind } from './faults/all-faults.ts';
import { planFaults, type PlannedFault } from './faults/schedule.ts';
import { stressModes } from './run-plan.ts';

const Duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return parseDurationMs('', String(value));
  } catch {
    context.addIssue({ code: 'custom', message: `'${value}' is not a duration; write it as 500ms, 10s or 2m` });
    return z.NEVER;
  }
});

const Kind = z.enum(allFaultKinds as [FaultKind, ...FaultKind[]], {
  error: ({ input }) => `unknown fault '${String(input)}'; \`consumer-cluster stress --help\` lists all faults`,
});

const TimedFault = z.strictObject({
  kind: Kind,
  /** Time after the release of the group. */
  at: Duration,
  for: Duration.optional(),
  /** Interval between the beginnings of its repetitions. */
  every: Duration.optional(),
  /** Total number of occurrences; without it, `every` repeats until the end of the run. */
  times: z.int().min(1).max(10_000).optional(),
  /** Number of a member, broker or partition; the seed chooses when none has this number. */
  target: z.int().min(0).optional(),
});

const ScenarioSchema = z
  .strictObject({
    description: z.string().optional(),
    duration: Duration,
    mode: z.enum(namesOf(stressModes)).optional(),
    protocol: z.enum(protocolNames).optional(),
    members: z.int().min(1).max(64).optional(),
    partitions: z.int().min(1).max(100).optional(),
    rate: z.int().min(1).max(1_000_000).optional(),
    /** Kinds for a seeded mixture that lasts the whole run. */
    mix: z.union([z.literal('all'), z.array(Kind).min(1)]).optional(),
    faults: z.array(TimedFault).optional(),
  })
  .superRefine((scenario, context) => {
    if (scenario.mix === undefined && scenario.faults === undefined) {
      context.addIssue({ code: 'custom', message: 'neither faults nor mix is given', path: [] });
    }
    for (const [index, fault] of (scenario.faults ?? []).entries()) {
      if (fault.at + durationOf(fault) <= scenario.duration) continue;
      const message = `${fault.kind} would last beyond the end of the run (${scenario.duration / 1_000} s)`;
      context.addIssue({ code: 'custom', message, path: ['faults', index, 'at'] });
    }
  });

/** The validated content of a scenario file. */
export type StressScenario = Readonly<z.infer<typeof ScenarioSchema>>;

/**
 * @param name - the file's name, for errors
 * @throws ClusterError usage with every problem of the file and its line
 */
export function parseScenario(text: string, name: string): StressScenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(({ message, pos }) => ({ line: lines.linePos(pos[0]).line, message }));
  if (syntax.length > 0) throw scenarioError(name, syntax);
  const parsed = ScenarioSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw scenarioError(
    name,
    parsed.error.issues.flatMap((issue) => {
      const at = (path: readonly PropertyKey[], key?: string): number => lineOf(document, lines, path, key);
      if (issue.code !== 'unrecognized_keys') return [{ line: at(issue.path), message: messageOf(issue) }];
      return issue.keys.map((key) => ({ line: at(issue.path, key), message: `unknown key '${key}'` }));
    }),
  );
}

/** The faults of a scenario under a seed. Pure. */
export function scenarioFaults(scenario: StressScenario, seed: number, possible: readonly FaultKind[]): PlannedFault[] {
  const timed = (scenario.faults ?? []).flatMap((fault, entry) =>
    beginsOf(fault, scenario.duration).map((atMs, repetition): PlannedFault => {
      const ownSeed = (seed + Math.imul(entry + 1, 7_919) + Math.imul(repetition + 1, 104_729)) >>> 0;
      const requested = fault.target === undefined ? {} : { requested: fault.target };
      return { kind: fault.kind, atMs, durationMs: durationOf(fault), seed: ownSeed, ...requested };
    }),
  );
  const { mix } = scenario;
  const kinds = mix === undefined ? [] : mix === 'all' ? possible : mix;
  const mixed =
    kinds.length === 0 ? [] : planFaults({ seed, durationMs: scenario.duration, faults: kinds.map(faultOf) });
  return [...timed, ...mixed].sort((a, b) => a.atMs - b.atMs);
}

type Timed = z.infer<typeof TimedFault>;

function durationOf(fault: Timed): number {
  const [min, max] = faultOf(fault.kind).durationMs;
  return max === 0 ? 0 : (fault.for ?? (min + max) / 2);
}

function beginsOf(fault: Timed, durationMs: number): number[] {
  const { at, every, times } = fault;
  if (every === undefined) return [at];
  const fit = Math.floor((durationMs - durationOf(fault) - at) / every) + 1;
  return Array.from({ length: Math.min(fit, times ?? Infinity) }, (_, index) => at + index * every);
}

function messageOf({ path, message }: z.core.$ZodIssue): string {
  const where = path.filter((part) => typeof part === 'string').at(-1);
  return where === undefined ? message : `${where}: ${message}`;
}

/** Line of the key, or of the node at the path, or of the nearest node above it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[], key?: string): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const range = (pair?.key as { readonly range?: readonly number[] } | undefined)?.range ?? rangeOf(node);
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}

function rangeOf(node: unknown): readonly number[] | undefined {
  return (node as { readonly range?: readonly number[] | null } | undefined)?.range ?? undefined;
}

function scenarioError(
  name: string,
  problems: readonly { readonly line: number; readonly message: string }[],
): ClusterError {
  const lines = [...problems]
    .sort((a, b) => a.line - b.line)
    .map(({ line, message }) => `${name} line ${line}: ${message}`);
  return new ClusterError('usage', lines.join('\n       '), {
    hint: 'see the files in scenarios/ for examples and docs/verification.md for the keys',
  });
}
