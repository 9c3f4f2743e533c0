/** `1,234,568` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `12 %`, of a share; with digits `12.3 %`. */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
