import { fromErrorReport, type ErrorCode, type ClusterError } from '../errors.ts';
import { createMeter, readMeter } from '../protocol/cells/meter.ts';
import { nowMs } from '../time/clock.ts';
import type { MemberId } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { InjectedFailure, MemberMessage, SupervisorMessage } from '../protocol/messages.ts';
import { builtFile, WorkerThread } from '../worker-thread.ts';
import { nextState, type MemberStateEvent, type MemberState } from './member-state.ts';

/**
 * Records and counts are outside of a member's heap, so a few MiB suffice. A leaking member hits
 * this limit and dies long before the process does.
 */
const heapMibMax = 128;

/** Time past its own limit after which a draining member's thread is terminated. */
const drainGraceMs = 1_000;
/** Between two looks at a draining member. */
const drainLookMs = 250;

/** Errors that a replacement would meet again. */
const hopelessCodes: readonly ErrorCode[] = [
  'usage',
  'accessDenied',
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
  readonly #thread: WorkerThread<SupervisorMessage, MemberMessage>;
  #state: MemberState = { phase: 'starting' };
  #error: ClusterError | undefined;
  #groupMemberId: string | undefined;
  #hasJoined = false;

  constructor(task: Omit<MemberTask, 'meter'>, onMessage: (message: MemberMessage) => void) {
    this.memberId = task.memberId;
    this.groupInstanceId = task.groupInstanceId;
    this.meter = createMeter();
    this.#thread = new WorkerThread({
      file: builtFile('member/entry.js'),
      name: task.clientId,
      task: { ...task, meter: this.meter } satisfies MemberTask,
      heapMibMax,
      onMessage,
    });
    this.exited = this.#thread.ended.then(({ code, error }) => {
      if (error !== undefined) {
        const report = {
          code: 'memberFailed',
          message: error.message,
          hint: undefined,
          stack: error.stack ?? '',
        } as const;
        onMessage({ type: 'failed', memberId: task.memberId, error: report });
      }
      return code;
    });
  }

  get state(): MemberState {
    return this.#state;
  }

  /** The member's id in the group, once it has joined. */
  get groupMemberId(): string | undefined {
    return this.#groupMemberId;
  }

  /** The group has given it an assignment, which may be empty. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  /** Why the member failed, if it reported an error. */
  get error(): ClusterError | undefined {
    return this.#error;
  }

  /** True when another member uses its group.instance.id. */
  get fenced(): boolean {
    return this.#error?.code === 'memberFenced';
  }

  /** True when a replacement would fail in the same way. */
  get hopeless(): boolean {
    return this.#error !== undefined && hopelessCodes.includes(this.#error.code);
  }

  apply(event: MemberStateEvent): void {
    if (event.type === 'groupMemberId') this.#groupMemberId = event.groupMemberId;
    if (event.type === 'assigned') this.#hasJoined = true;
    if (event.type === 'failed') this.#error = fromErrorReport(event.error);
    this.#state = nextState(this.#state, event);
  }

  /**
   * Resolves when the thread has ended. Terminates the thread if it makes no turn for the timeout:
   * while it finishes a large commit it does, and ends itself when the commit makes no progress.
   */
  async drain(timeoutMs: number): Promise<void> {
    this.apply({ type: 'drainAsked' });
    this.post({ type: 'drain', timeoutMs });
    let turns = -1;
    let deadlineMs = Infinity;
    const timer = setInterval(() => {
      const seen = readMeter(this.meter).turns;
      if (seen !== turns) deadlineMs = nowMs() + timeoutMs + drainGraceMs;
      turns = seen;
      if (nowMs() >= deadlineMs) void this.terminate();
    }, drainLookMs);
    await this.exited;
    clearInterval(timer);
  }

  injectFailure(failure: InjectedFailure): void {
    this.post({ type: 'injectFailure', failure });
  }

  post(message: SupervisorMessage): void {
    this.#thread.post(message);
  }

  /** A true crash: the thread ends at its next instruction, nothing is handed over, no LeaveGroup is sent. */
  async terminate(): Promise<void> {
    await this.#thread.terminate();
  }
}
