/** What a fault chooses its target by. */
export interface FaultChoice {
  readonly random: () => number;
  /** Member, broker or partition that a scenario file asks for. */
  readonly wanted: number | undefined;
  readonly durationMs: number;
}
