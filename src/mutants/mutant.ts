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
  readonly edits: readonly MutantEdit[];
}
