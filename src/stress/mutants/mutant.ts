/** One change of one line in a built file. */
export interface MutantEdit {
  /** Path relative to dist/. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** A program that is broken on purpose, to test the checks. */
export interface Mutant {
  readonly name: string;
  /** The error and its consequence. */
  readonly breaks: string;
  /**
   * Where the changed lines run. Members can be started from the mutant alone; the supervisor's
   * side needs the mutant's whole command line.
   */
  readonly side: 'member' | 'supervisor' | 'both';
  /**
   * Whether the simulation runs the changed lines; `durable` when only that of durable groups does.
   * The others need real threads and brokers.
   */
  readonly simulated: boolean | 'durable';
  /**
   * Names of the checks of `stress` that judge this error. When only another check reports it, the
   * catch is accidental.
   */
  readonly judges: readonly string[];
  /** Kinds of faults of `stress` that reveal the error; undefined when any fault does. */
  readonly faults?: readonly string[];
  /** The group protocol that reveals the error, when only one does. */
  readonly protocol?: string;
  /** The error weakens the memory order, which x86 keeps anyway: only the simulation reveals it. */
  readonly hiddenByX86?: true;
  /** Only the simulation reaches the error often enough, so `stress` does not try it. */
  readonly simulationOnly?: true;
  /** Number of short runs in one process, when the error shows only from run to run. */
  readonly runs?: number;
  /**
   * Number of processes, when the error shows only across processes. `faults` are then kinds of
   * faults of `stress --processes`, and the program has no amplifiers.
   */
  readonly processes?: number;
  readonly edits: readonly MutantEdit[];
}

/**
 * A change that is harmless in the correct program and makes a rare state common. A batch is
 * applied within about 100 µs and a schedule has a dozen deaths, so without amplifiers hardly any
 * death would occur within a batch.
 */
export interface Amplifier {
  readonly name: string;
  /** The state that becomes common. */
  readonly makes: string;
  /**
   * Applied before a mutant's edits: `to` contains `from` unchanged, so that the mutant finds its
   * lines.
   */
  readonly edits: readonly MutantEdit[];
}
