import { commitAnswerMsMax } from '../config/consumer-properties.ts';
import { takeoverBounds } from '../config/takeover-bounds.ts';
import type { GroupConfig } from '../config/group.ts';
import { watchdogMsByDefault } from '../cluster/member-monitor.ts';
import { HistoryRecorder, type GroupRecorder } from '../history/history-recorder.ts';
import { allChecks } from '../verify/all-checks.ts';
import { HistoryVerifier } from '../verify/history-verifier.ts';

/** Records the event history of one benchmark run and verifies it continuously. */
export class RunHistory {
  readonly recorder: GroupRecorder;
  readonly #all: HistoryRecorder;
  readonly #verifier: HistoryVerifier;

  constructor(group: GroupConfig, beginOffsets: readonly number[]) {
    const bounds = takeoverBounds(group, watchdogMsByDefault);
    const context = {
      group: group.groupId,
      beginOffsets,
      bounds,
      silenceMs: Infinity,
      commitAnswerMs: commitAnswerMsMax,
    };
    this.#verifier = new HistoryVerifier(context, allChecks);
    this.#all = new HistoryRecorder({
      onEvent: (event) => {
        this.#verifier.add(event);
      },
    });
    this.recorder = this.#all.group(group.groupId);
  }

  /**
   * Violations that the history alone proves; call it after all members have ended.
   * @returns one line for each failed check, with its first violation
   */
  violations(): string[] {
    this.end();
    return this.#verifier
      .finish({})
      .flatMap(({ name, violations: [first] }) => (first === undefined ? [] : [`${name}: ${first.message}`]));
  }

  /** Idempotent. */
  end(): void {
    this.#all.close();
  }
}
