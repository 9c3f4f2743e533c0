export interface CopyNeeds {
  /** Live processes of the group, in any order. */
  readonly processes: readonly string[];
  /** Index is the partition; undefined for a partition that no process of this program owns. */
  readonly owners: readonly (string | undefined)[];
  /** Copies of each partition; all other processes hold one if there are fewer. */
  readonly copies: number;
}

/**
 * Chooses the processes that hold copies of a partition. Pure: processes that know the same group
 * derive the same placement without talking to each other. Rendezvous hashing ranks the processes of
 * each partition, so that few copies move when a process joins or leaves. Then copies move from the
 * fullest processes to the emptiest ones, those first that lose least in rank.
 * @returns the holders of each partition: `copies` of them, or all but the owner
 */
export function placeCopies({ processes, owners, copies }: CopyNeeds): string[][] {
  const names = [...new Set(processes)].sort();
  const placed = owners.map((owner, partition) => {
    const ranked = names
      .filter((name) => name !== owner)
      .map((name) => ({ name, score: scoreOf(name, partition) }))
      .sort((left, right) => right.score - left.score);
    return ranked.slice(0, copies).map(({ name }) => name);
  });
  balance(names, owners, placed);
  return placed;
}

/** Ends with the smallest differences that leave no copy beside its original. */
function balance(names: readonly string[], owners: CopyNeeds['owners'], placed: string[][]): void {
  const loads = new Map(names.map((name) => [name, 0]));
  const add = (name: string, change: number): void => void loads.set(name, (loads.get(name) ?? 0) + change);
  for (const holders of placed) for (const name of holders) add(name, 1);
  const movable = (from: string, to: string): number | undefined => cheapest(from, to, owners, placed);
  for (;;) {
    const byLoad = [...loads].sort(([, left], [, right]) => left - right);
    // Direct moves first: where they suffice, the placement is that of processes without detours.
    const moves = directMove(byLoad, movable) ?? detour(byLoad, movable);
    if (moves === undefined) return;
    for (const { partition, from, to } of moves) {
      const holders = placed[partition] ?? [];
      holders[holders.indexOf(from)] = to;
      add(from, -1);
      add(to, 1);
    }
  }
}

interface Move {
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

/** Processes and their copies, the emptiest first. */
type ByLoad = readonly (readonly [name: string, load: number])[];
/** @returns a partition of which a copy can move, if any */
type Movable = (from: string, to: string) => number | undefined;

function directMove(byLoad: ByLoad, movable: Movable): readonly [Move] | undefined {
  for (const [from, most] of byLoad.toReversed()) {
    for (const [to, least] of byLoad) {
      if (most - least < 2) break;
      const partition = movable(from, to);
      if (partition !== undefined) return [{ partition, from, to }];
    }
  }
  return undefined;
}

/**
 * The fewest moves from a full process to an empty one over others, which keep their number: what the
 * full one holds may all belong beside the empty one's originals and copies.
 */
function detour(byLoad: ByLoad, movable: Movable): readonly Move[] | undefined {
  const [, emptiest = 0] = byLoad[0] ?? [];
  for (const [start, most] of byLoad.toReversed()) {
    if (most - emptiest < 2) break;
    const reached = new Map<string, readonly Move[]>([[start, []]]);
    for (const [from, moves] of reached) {
      for (const [to, load] of byLoad) {
        const partition = reached.has(to) ? undefined : movable(from, to);
        if (partition === undefined) continue;
        const all = [...moves, { partition, from, to }];
        if (most - load >= 2) return all;
        reached.set(to, all);
      }
    }
  }
  return undefined;
}

/** The copy whose move loses least in rank; undefined when none can move. */
function cheapest(
  from: string,
  to: string,
  owners: CopyNeeds['owners'],
  placed: readonly (readonly string[])[],
): number | undefined {
  let [found, least]: [number | undefined, number] = [undefined, Infinity];
  for (const [partition, holders] of placed.entries()) {
    if (!holders.includes(from) || holders.includes(to) || owners[partition] === to) continue;
    const loss = scoreOf(from, partition) - scoreOf(to, partition);
    if (loss < least) [found, least] = [partition, loss];
  }
  return found;
}

/** FNV-1a, mixed as in MurmurHash3. Another function would move copies while processes of two versions run. */
function scoreOf(name: string, partition: number): number {
  const text = `${partition}:${name}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
