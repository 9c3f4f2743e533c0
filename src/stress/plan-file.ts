import { open } from 'node:fs/promises';
import { z } from 'zod';
import { ClusterError, unreadable } from '../errors.ts';
import { allFaultKinds, type FaultKind } from './faults/all-faults.ts';
import { decodeHeader } from '../history/event-json.ts';
import { runSettings, type RunPlan } from './run-plan.ts';

const Kind = z.enum(allFaultKinds as [FaultKind, ...FaultKind[]]);

/** The settings in the header of a history, from which the run can be repeated. */
const PlanSchema = z.strictObject({
  ...runSettings,
  faults: z.array(
    z
      .strictObject({
        kind: Kind,
        atMs: z.number(),
        durationMs: z.number(),
        seed: z.number(),
        target: z.int().optional(),
      })
      .transform(({ target, ...fault }) => ({ ...fault, ...(target === undefined ? {} : { requested: target }) })),
  ),
});

const headerBytesMax = 1_048_576;

/**
 * The settings for the header of a history, which `readPlan` reads. Histories call the requested
 * number `target`.
 */
export function planSettings(plan: RunPlan): z.input<typeof PlanSchema> {
  const faults = plan.faults.map(({ requested, ...fault }) => ({
    ...fault,
    ...(requested === undefined ? {} : { target: requested }),
  }));
  return { ...plan, faults };
}

/**
 * @returns the plan at the beginning of a history.
 * @throws ClusterError input when the file can't be read, usage when it is not a stress history
 */
export async function readPlan(path: string): Promise<RunPlan> {
  const start = await readStart(path).catch((cause: unknown) => {
    throw unreadable(path, cause, { option: '--replay' });
  });
  try {
    const [first = ''] = start.split('\n', 1);
    return PlanSchema.parse(decodeHeader(first, path).settings);
  } catch (cause) {
    throw new ClusterError('usage', `${path} is not the history of a stress run (--replay)`, {
      cause,
      hint: 'pass a history file: runs with violations write one, and with --history-dir all runs do',
    });
  }
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
