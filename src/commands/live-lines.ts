import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { ErrorCode } from '../errors.ts';
import { nowMs } from '../metrics/clock.ts';
import { renderLiveView, type LiveView } from '../report/live-view.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import { withHint } from '../report/error-text.ts';
import type { CommandContext } from './context.ts';

/** On a terminal the view is drawn anew this often. */
const drawMs = 500;
/** Where there is no terminal, changes that come together are printed together. */
const settleMs = 250;
/** And without any change the view is printed this often. */
const idlePrintMs = 10_000;

const refusals: readonly ErrorCode[] = ['groupRefused', 'groupFull'];

/** What the user sees while the scenario runs: a live view on a terminal, else lines on every change. */
export class LiveLines {
  readonly #context: CommandContext;
  readonly #view: () => LiveView;
  /** Members that the coordinator did not let in. */
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

  /** Prints the view now, terminal or not. */
  print(): void {
    this.#context.log(renderLiveView(this.#view()));
    this.#printedAtMs = nowMs();
    this.#changedAtMs = undefined;
  }

  event(group: string, event: ClusterEvent): void {
    // Trouble that the client recovers from by itself is no change of the group.
    if (event.type !== 'notice' && event.type !== 'topicTrouble') this.#changedAtMs ??= nowMs();
    if (event.type === 'partitionsAdded') {
      this.#context.log(`the topic has ${event.partitions} partitions now`);
      return;
    }
    if (event.type === 'topicTrouble') {
      this.#context.notice(withHint(event.error));
      return;
    }
    const member = `${group}${event.memberId}`;
    switch (event.type) {
      case 'notice':
        this.#context.notice(`${member}: ${event.error.message}`);
        break;
      case 'failed':
        if (refusals.includes(event.error.code)) this.#refused.add(member);
        // A group that is refused for good ends the command, with this very error.
        if (event.error.code !== 'groupRefused')
          this.#context.notice(`${member}: cannot go on: ${event.error.message}`);
        break;
      case 'exited':
        if (event.crashed && !this.#refused.has(member)) this.#context.log(`${member} crashed`);
        break;
      case 'stuck':
        this.#context.log(`${member} is stuck and will be ended`);
        break;
      case 'fenced':
        this.#context.log(`${member} was too late for partition ${event.partition}: its write was refused`);
        break;
      case 'recovered':
        if (event.replayed)
          this.#context.log(`${member} died within a batch of partition ${event.partition}: completed`);
        break;
      case 'tableTaken':
        this.#context.log(`${member} lost the table of partition ${event.partition}: it sat on it`);
        break;
      case 'recordsLost':
        this.#context.warn(renderLostRecords(event));
        break;
      case 'joining':
      case 'named':
      case 'leftFor':
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
