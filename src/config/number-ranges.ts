/** Runs of at least this length are shortened: `0,1,2,3` is readable as it is. */
const shortenedFrom = 5;

/** Formats ascending integers for users: `0-999`, `0,2,4-9`. */
export function formatNumbers(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < numbers.length;) {
    let last = index;
    while (numbers[last + 1] === (numbers[last] ?? NaN) + 1) last += 1;
    if (last - index + 1 >= shortenedFrom) parts.push(`${numbers[index]}-${numbers[last]}`);
    else parts.push(numbers.slice(index, last + 1).join());
    index = last + 1;
  }
  return parts.join();
}
