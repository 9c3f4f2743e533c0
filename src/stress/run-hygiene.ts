import type { Supervisor } from '../cluster/supervisor.ts';
import type { Evidence } from '../verify/check.ts';
import type { ProcessSeries } from './process-series.ts';

/**
 * @param supervisor - supervisor of the ended run.
 * @returns undefined where the figures of the process are not available
 */
export async function runHygiene(
  supervisor: Supervisor,
  series: ProcessSeries,
): Promise<NonNullable<Evidence['hygiene']> | undefined> {
  const { partitions, members } = supervisor.snapshot();
  const figures = await series.add(partitions.length);
  if (figures === undefined) return undefined;
  const held = partitions.filter(({ owner }) => owner !== undefined);
  const leftovers = held.map(
    ({ partition, owner }) => `member ${owner} still holds the table of partition ${partition}`,
  );
  return { ...figures, cycles: members.length, leftovers };
}
