import type { Supervisor } from '../cluster/supervisor.ts';
import { requestMsMax } from '../config/consumer-properties.ts';
import { nowMs } from '../metrics/clock.ts';
import { processFigures } from '../metrics/process-figures.ts';
import { sleep } from '../metrics/sleep.ts';
import type { Evidence, HygieneFigures } from '../verify/check.ts';

/** Connections of the proxy end a moment after what they were for, clients when no request is unanswered any more. */
const goneMsMax = requestMsMax + 2_000;

/** @param before - of the process before the group's first member. @returns undefined where there are no such figures */
export async function runHygiene(
  supervisor: Supervisor,
  before: HygieneFigures | undefined,
): Promise<NonNullable<Evidence['hygiene']> | undefined> {
  let after = processFigures();
  if (before === undefined || after === undefined) return undefined;
  const untilMs = nowMs() + goneMsMax;
  const more = ({ rdkThreads, fileDescriptors }: HygieneFigures): boolean =>
    rdkThreads > before.rdkThreads || fileDescriptors > before.fileDescriptors;
  while (more(after) && nowMs() < untilMs) {
    await sleep(50);
    after = processFigures() ?? after;
  }
  const { partitions, members } = supervisor.snapshot();
  const held = partitions.filter(({ owner }) => owner !== undefined);
  const leftovers = held.map(
    ({ partition, owner }) => `the table of partition ${partition} is held by member ${owner}`,
  );
  return { before, after, cycles: members.length, leftovers };
}
