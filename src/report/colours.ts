import type { Tone } from '../results/table.ts';

export interface TextOptions {
  /** Whether bars and verdict use ANSI colours. */
  readonly colour: boolean;
}

const codes = { good: 32, doubtful: 33, bad: 31 } as const satisfies Readonly<Record<Tone, number>>;

export function painted(text: string, tone: Tone | undefined, { colour }: TextOptions): string {
  return colour && tone !== undefined ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
}
