import type { Supervisor } from '../cluster/supervisor.ts';
import type { Evidence } from '../verify/check.ts';
import type { ProcessSeries } from './process-series.ts';

/**
 * @param supervisor - supervisor of the ended run
 * @returns undefined where the figures of the process are not available
 */
export async function runHygiene(
  supervisor: Pick<Supervisor, 'readers' | 'snapshot'>,
  series: ProcessSeries,
): Promise<NonNullable<Evidence['hygiene']> | undefined> {
  const { partitions, members } = supervisor.snapshot();
  const figures = await series.add(partitions.length);
  if (figures === undefined) return undefined;
  const held = partitions.flatMap(({ partition, owner }) =>
    owner === undefined ? [] : [`member ${owner} still holds the table of partition ${partition}`],
  );
  const sealed = supervisor.readers.flatMap(({ isSealed }, partition) =>
    isSealed ? [`the journal of partition ${partition} is still sealed`] : [],
  );
  return { ...figures, cycles: members.length, leftovers: [...held, ...sealed] };
}
