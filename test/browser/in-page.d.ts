interface Tick {
  readonly text: string;
  readonly at: number;
}

export function strays(): {
  readonly pageWidthPx: number;
  readonly windowWidthPx: number;
  readonly beyond: readonly string[];
  readonly cut: readonly string[];
};
export function drawingOf(options: {
  readonly figure: string;
  readonly size: 'narrow' | 'wide';
  /** A class selector without its leading dot. */
  readonly marks: string;
}): {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
};
export function valuesOf(figure: string): readonly (readonly string[])[];
export function skeleton(): readonly string[];
export function textsWith(part: string): readonly string[];
export function openAll(): void;
