/** One change of one line in a built file. */
export interface MutantEdit {
  /** Path below dist/. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** A product that is broken on purpose, so that whoever checks it can be checked. */
export interface Mutant {
  readonly name: string;
  /** What it does wrong, and what comes of it. */
  readonly breaks: string;
  /** Where the changed lines run: members can be started from the mutant alone, the supervisor's side needs its whole CLI. */
  readonly side: 'member' | 'supervisor' | 'both';
  /** Whether the simulation runs the changed lines. The rest needs real threads and brokers. */
  readonly simulated: boolean;
  /** Ids of the checks of `stress` that are about what it does wrong: to be found by another alone is an accident. */
  readonly judges: readonly string[];
  /** Kinds of faults of `stress` that bring it out; undefined when any will do. */
  readonly faults?: readonly string[];
  /** Of the group, when it shows under one only. */
  readonly protocol?: string;
  /** x86 keeps the order that it gives up: only the simulation shows it. */
  readonly hiddenByX86?: true;
  /** Short runs of one process, when it shows from run to run only. */
  readonly runs?: number;
  readonly edits: readonly MutantEdit[];
}

/**
 * A change that is harmless in the right program and makes a rare moment common. A batch is applied in some 100 us and a
 * schedule has a dozen deaths: without it hardly one of them would ever fall within a batch.
 */
export interface Amplifier {
  readonly name: string;
  /** What becomes common. */
  readonly makes: string;
  /** Made before a mutant's: `to` holds `from` as it is, so that the mutant finds its own lines. */
  readonly edits: readonly MutantEdit[];
}
