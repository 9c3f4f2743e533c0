import type { RestoreProgress } from '../protocol/changelog-task.ts';
import { renderRestoring } from '../report/durable-text.ts';
import { nowMs } from '../time/clock.ts';
import type { CommandContext } from './context.ts';

/** Shorter restores print nothing but their end. */
const firstMs = 2_000;
/** Without a terminal, interval between two lines. */
const lineMs = 5_000;

/** Progress of restores that take long: text for a live view, or lines without a terminal. */
export class RestoreLines {
  readonly #context: Pick<CommandContext, 'interactive' | 'log'>;
  readonly #prefix: string;
  /** By partition. Completed ones stay until all are, so that the percentage does not decrease. */
  readonly #restores = new Map<number, RestoreProgress>();
  #printedAtMs = -Infinity;

  constructor(context: Pick<CommandContext, 'interactive' | 'log'>, prefix: string) {
    this.#context = context;
    this.#prefix = prefix;
  }

  /** The line for a live view; undefined while nothing is restored, or for a short time only. */
  get live(): string | undefined {
    return this.#render(true);
  }

  /** @param restores - all that have not reached their ends */
  restoring(restores: readonly RestoreProgress[]): void {
    for (const [partition, { offset, endOffset }] of this.#restores) {
      // Its member has ended or lost the partition.
      if (offset < endOffset) this.#restores.delete(partition);
    }
    for (const restore of restores) this.#restores.set(restore.partition, restore);
    this.#forgetCompleted();
    if (this.#context.interactive || nowMs() - this.#printedAtMs < lineMs) return;
    const line = this.#render(false);
    if (line === undefined) return;
    this.#context.log(line);
    this.#printedAtMs = nowMs();
  }

  restored(partition: number): void {
    const restore = this.#restores.get(partition);
    if (restore !== undefined) this.#restores.set(partition, { ...restore, offset: restore.endOffset });
    this.#forgetCompleted();
  }

  #forgetCompleted(): void {
    const isAny = [...this.#restores.values()].some(({ offset, endOffset }) => offset < endOffset);
    if (!isAny) this.#restores.clear();
  }

  #render(withBar: boolean): string | undefined {
    const restores = [...this.#restores.values()];
    if (!restores.some(({ elapsedMs }) => elapsedMs >= firstMs)) return undefined;
    return `${this.#prefix}${renderRestoring(restores, withBar)}`;
  }
}
