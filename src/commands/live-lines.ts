import { type ErrorCode, withHint } from '../errors.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import { nowMs } from '../time/clock.ts';
import { renderLiveView } from '../report/live-view.ts';
import type { LiveView } from '../results/live-state.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import type { CommandContext } from './context.ts';

/** Interval between two drawings of the view on a terminal. */
const drawMs = 500;
/** Without a terminal, changes within this time are printed together. */
const settleMs = 250;
/** Without a terminal and without changes, interval between two prints of the view. */
const idlePrintMs = 10_000;

const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

/** Progress of a run: a live view on a terminal, otherwise lines after each change. */
export class LiveLines {
  readonly #context: CommandContext;
  readonly #view: () => LiveView;
  /** Members that the coordinator refused. */
  readonly #refused = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #changedAtMs: number | undefined;
  #printedAtMs = 0;

  constructor(context: CommandContext, view: () => LiveView) {
    this.#context = context;
    this.#view = view;
  }

  start(): void {
    this.#changedAtMs = nowMs();
    this.#timer = setInterval(
      () => {
        this.#tick();
      },
      this.#context.interactive ? drawMs : settleMs,
    );
  }

  end(): void {
    clearInterval(this.#timer);
    this.#context.endLive({ clear: true });
  }

  /** Prints the view now, with or without a terminal. */
  print(): void {
    this.#context.log(renderLiveView(this.#view()));
    this.#printedAtMs = nowMs();
    this.#changedAtMs = undefined;
  }

  event(group: string, event: ClusterEvent): void {
    // Errors that the client recovers from automatically do not change the group.
    if (event.type !== 'notice' && event.type !== 'topicTrouble') this.#changedAtMs ??= nowMs();
    if (event.type === 'partitionsAdded') {
      this.#context.log(`the topic now has ${event.partitions} partitions`);
      return;
    }
    if (event.type === 'topicTrouble') {
      this.#context.notice(withHint(event.error));
      return;
    }
    // Only of durable groups: printed by DurableLines.
    if (event.type === 'changelog') return;
    const member = `${group}${event.memberId}`;
    switch (event.type) {
      case 'notice':
        this.#context.notice(`${member}: ${event.error.message}`);
        break;
      case 'failed':
        if (refusals.includes(event.error.code)) this.#refused.add(member);
        // A refused group ends the command with this error.
        if (event.error.code !== 'groupRefused')
          this.#context.notice(`${member}: cannot continue: ${event.error.message}`);
        break;
      case 'exited':
        if (event.crashed && !this.#refused.has(member)) this.#context.log(`${member} crashed`);
        break;
      case 'stuck':
        this.#context.log(`${member} is stuck: the supervisor terminates it`);
        break;
      case 'writeRefused':
        this.#context.log(`${member}: write to partition ${event.partition} refused, its lease was revoked`);
        break;
      case 'recovered':
        if (event.replayed)
          this.#context.log(
            `${member} crashed while applying a batch of partition ${event.partition}: the batch was completed`,
          );
        break;
      case 'leaseRevoked':
        this.#context.log(`table of partition ${event.partition} revoked: ${member} did not release it within 1 s`);
        break;
      case 'recordsLost':
        this.#context.warn(renderLostRecords(event));
        break;
      case 'joining':
      case 'groupMemberId':
      case 'leftFor':
      case 'restoreWanted':
      case 'outOfRange':
      case 'assigned':
      case 'revoked':
      case 'left':
      case 'started':
        break;
    }
  }

  #tick(): void {
    if (this.#context.interactive) {
      this.#context.live(renderLiveView(this.#view()));
      return;
    }
    const atMs = nowMs();
    const settled = this.#changedAtMs !== undefined && atMs - this.#changedAtMs >= settleMs;
    if (settled || atMs - this.#printedAtMs >= idlePrintMs) this.print();
  }
}
