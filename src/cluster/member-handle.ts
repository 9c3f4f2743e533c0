import { Worker } from 'node:worker_threads';
import { fromErrorReport, type ErrorCode, type WordcountError } from '../errors.ts';
import { createMeter } from '../protocol/cells/meter.ts';
import { startTimer } from '../time/sleep.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { InjectedFailure, MemberMessage, SupervisorMessage } from '../protocol/messages.ts';
import { nextState, type MemberEvent, type MemberState } from './member-state.ts';

/** Members always run the built file: Node 20 cannot start a worker from TypeScript. */
const entry = new URL('../../dist/member/entry.js', import.meta.url);

/**
 * Records and counts are outside of a member's heap, so a few MiB suffice. A leaking member hits
 * this limit and dies long before the process does.
 */
const heapMibMax = 128;

/** Past its own deadline a draining member gets this long before its thread is ended. */
const drainGraceMs = 1_000;

/** Errors that a replacement would meet again. */
const hopelessCodes: readonly ErrorCode[] = [
  'usage',
  'topicUnavailable',
  'limit',
  'input',
  'environment',
  'groupRefused',
];

/** One member: its thread, its meter and its state. */
export class MemberHandle {
  readonly memberId: MemberId;
  /** Set for a static member. */
  readonly groupInstanceId: string | undefined;
  readonly meter: SharedArrayBuffer;
  /** Resolves with the thread's exit code, after the thread was joined: nothing of it runs any more. */
  readonly exited: Promise<number>;
  readonly #worker: Worker;
  #state: MemberState = { phase: 'starting' };
  #error: WordcountError | undefined;
  #groupMemberId: string | undefined;

  constructor(task: Omit<MemberTask, 'meter'>, onMessage: (message: MemberMessage) => void) {
    this.memberId = task.memberId;
    this.groupInstanceId = task.groupInstanceId;
    this.meter = createMeter();
    this.#worker = new Worker(entry, {
      name: task.clientId,
      workerData: { ...task, meter: this.meter } satisfies MemberTask,
      // Loaders of the parent (test runner, TypeScript) are of no use to built files and slow each start.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMibMax },
    });
    this.#worker.on('message', onMessage);
    this.exited = new Promise((resolve) => {
      this.#worker.on('error', (error) => {
        const report = {
          code: 'memberFailed',
          message: error.message,
          hint: undefined,
          stack: error.stack ?? '',
        } as const;
        onMessage({ type: 'failed', memberId: task.memberId, error: report });
      });
      this.#worker.on('exit', resolve);
    });
  }

  get state(): MemberState {
    return this.#state;
  }

  /** The coordinator's name for it, once it has joined. */
  get groupMemberId(): string | undefined {
    return this.#groupMemberId;
  }

  /** Why the member failed, if it reported an error. */
  get error(): WordcountError | undefined {
    return this.#error;
  }

  /** True when another has its place in the group. */
  get fenced(): boolean {
    return this.#error?.code === 'memberFenced';
  }

  /** True when a replacement would fail in the same way. */
  get hopeless(): boolean {
    return this.#error !== undefined && hopelessCodes.includes(this.#error.code);
  }

  apply(event: MemberEvent): void {
    if (event.type === 'named') this.#groupMemberId = event.groupMemberId;
    if (event.type === 'failed') this.#error = fromErrorReport(event.error);
    this.#state = nextState(this.#state, event);
  }

  /** Resolves when the thread has ended. Terminates the thread if it does not end in time. */
  async drain(deadlineMs: number): Promise<void> {
    this.apply({ type: 'drainAsked' });
    this.tell({ type: 'drain', deadlineMs });
    const timer = startTimer(deadlineMs + drainGraceMs, () => void this.terminate());
    await this.exited;
    timer.clear();
  }

  injectFailure(failure: InjectedFailure): void {
    this.tell({ type: 'injectFailure', failure });
  }

  tell(message: SupervisorMessage): void {
    this.#worker.postMessage(message);
  }

  /** A true crash: the thread ends at its next instruction, nothing is handed over, no LeaveGroup is sent. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
