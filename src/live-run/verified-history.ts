import type { TableReader } from '../count/table-reader.ts';
import { type ClusterError } from '../errors.ts';
import type { HistoryEvent } from '../history/event.ts';
import { HistoryFile, type HistorySink } from '../history/history-file.ts';
import { HistoryRecorder, type GroupRecorder } from '../history/history-recorder.ts';
import { allChecks } from '../verify/all-checks.ts';
import type { CheckContext, CheckResult, Evidence } from '../verify/check.ts';
import { HistoryVerifier } from '../verify/history-verifier.ts';
import { TableSampler } from './table-sampler.ts';

export interface VerifiedHistoryOptions {
  readonly groups: readonly CheckContext[];
  /** File that receives the history. Without it the history is checked and discarded. */
  readonly file?: HistorySink;
  /** Settings for the file's first line. */
  readonly settings?: unknown;
  /** Called at the end when the file is incomplete; the verdict does not depend on the file. */
  readonly onFileFailure?: (error: ClusterError) => void;
  /** Also called with every event, in the order of tickets. */
  readonly onEvent?: (event: HistoryEvent) => void;
}

/**
 * The history of a run, recorded and checked at the same time. Its memory does not grow with the
 * run.
 */
export class VerifiedHistory {
  readonly recorder: HistoryRecorder;
  readonly #verifiers: ReadonlyMap<string, HistoryVerifier>;
  readonly #samplers = new Map<string, TableSampler>();
  readonly #file: HistoryFile | undefined;
  readonly #onFileFailure: ((error: ClusterError) => void) | undefined;
  #ended = false;

  constructor({ groups, file, settings, onFileFailure, onEvent }: VerifiedHistoryOptions) {
    this.#onFileFailure = onFileFailure;
    this.#verifiers = new Map(groups.map((context) => [context.group, new HistoryVerifier(context, allChecks)]));
    this.#file = file === undefined ? undefined : new HistoryFile(file, settings ?? {});
    this.recorder = new HistoryRecorder({
      onEvent: (event) => {
        for (const verifier of this.#verifiers.values()) verifier.add(event);
        this.#file?.add(event);
        onEvent?.(event);
      },
      onDrained: () => this.#file?.flush(),
    });
  }

  group(name: string): GroupRecorder {
    return this.recorder.group(name);
  }

  /** Starts to sample the group's tables while members write. */
  sample(group: string, readers: () => readonly TableReader[]): void {
    this.#samplers.set(group, new TableSampler({ recorder: this.recorder, group, readers }));
  }

  /** Ends the recording when all members have ended. May be called twice. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const sampler of this.#samplers.values()) sampler.end();
    this.recorder.close();
    this.#file?.close();
    if (this.#file?.failure !== undefined) this.#onFileFailure?.(this.#file.failure);
  }

  /** Call it after `end`. */
  verify(group: string, evidence: Evidence): CheckResult[] {
    const sampler = this.#samplers.get(group)?.end();
    return this.#verifiers.get(group)?.finish(sampler === undefined ? evidence : { sampler, ...evidence }) ?? [];
  }
}
