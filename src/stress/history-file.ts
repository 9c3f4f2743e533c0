import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { WordcountError } from '../errors.ts';
import { allFaultKinds, type FaultKind } from '../faults/kinds.ts';
import { protocolNames, stressModes, type RunPlan } from './run-plan.ts';

const Kind = z.enum(allFaultKinds as [FaultKind, ...FaultKind[]]);

/** The first line of a history: what the run was to be, so that it can be had again. */
const PlanLineSchema = z.strictObject({
  type: z.literal('plan'),
  plan: z.strictObject({
    seed: z.int(),
    durationMs: z.number().positive(),
    mode: z.enum(stressModes),
    protocol: z.enum(protocolNames),
    members: z.int().min(1),
    partitions: z.int().min(1),
    rate: z.number().positive(),
    faults: z.array(
      z
        .strictObject({
          kind: Kind,
          atMs: z.number(),
          durationMs: z.number(),
          seed: z.number(),
          target: z.int().optional(),
        })
        .transform(({ target, ...fault }) => ({ ...fault, ...(target === undefined ? {} : { target }) })),
    ),
  }),
});

const planBytesMax = 1_048_576;

/** What happened in one run, a JSON value a line (NDJSON): the plan first, then events in their order. */
export class HistoryFile {
  readonly path: string;
  readonly #stream: WriteStream;
  #failed: Error | undefined;
  #closed = false;

  private constructor(path: string) {
    this.path = path;
    this.#stream = createWriteStream(path);
    this.#stream.on('error', (error) => {
      this.#failed = error;
    });
  }

  static async create(path: string, plan: RunPlan): Promise<HistoryFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = new HistoryFile(path);
    file.write({ type: 'plan', plan });
    return file;
  }

  write(event: object): void {
    if (this.#closed) return;
    this.#stream.write(`${JSON.stringify(event, bigintsAsText)}\n`);
  }

  /** @throws WordcountError input when something could not be written: no room on the disk, say */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => this.#stream.end(resolve));
    if (this.#failed === undefined) return;
    const message = `can't write ${this.path}: ${this.#failed.message}`;
    throw new WordcountError('input', message, { cause: this.#failed });
  }

  /** For a run that found nothing; a folder that was made for it and is empty goes too. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rmdir(dirname(this.path)).catch(() => undefined);
  }
}

/** @returns the plan with which a history begins. @throws WordcountError usage when the file is no history */
export async function readPlan(path: string): Promise<RunPlan> {
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(planBytesMax), 0, planBytesMax, 0);
    await file.close();
    const [first = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
    return PlanLineSchema.parse(JSON.parse(first)).plan;
  } catch (cause) {
    throw new WordcountError('usage', `${path} is no history of a stress run (--replay)`, {
      cause,
      hint: 'runs that find something leave one, and all runs do with --history-dir',
    });
  }
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
