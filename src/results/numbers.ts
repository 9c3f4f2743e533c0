/** `1,234,568` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 run`, `2,000 runs`; the plural is the noun with an s unless it is given. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${whole(count)} ${count === 1 ? noun : nouns}`;
}

/** `12 %`, of a share; with digits `12.3 %`. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
