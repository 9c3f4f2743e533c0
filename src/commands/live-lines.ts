import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import { nowMs } from '../time/clock.ts';
import { renderLiveView } from '../report/live-view.ts';
import type { LiveView } from '../results/live-state.ts';
import type { CommandContext } from './context.ts';
import { EventLines } from './event-lines.ts';

/** Interval between two drawings of the view on a terminal. */
const drawMs = 500;
/** Without a terminal, changes within this time are printed together. */
const settleMs = 250;
/** Without a terminal and without changes, interval between two prints of the view. */
const idlePrintMs = 10_000;

/** Progress of a run: a live view on a terminal, otherwise lines after each change. */
export class LiveLines {
  readonly #context: CommandContext;
  readonly #view: () => LiveView;
  readonly #lastLines: () => readonly string[];
  readonly #events: EventLines;
  #timer: NodeJS.Timeout | undefined;
  #changedAtMs: number | undefined;
  #printedAtMs = 0;

  /** @param lastLines - below the view on a terminal */
  constructor(context: CommandContext, view: () => LiveView, lastLines: () => readonly string[]) {
    this.#context = context;
    this.#view = view;
    this.#lastLines = lastLines;
    this.#events = new EventLines(context);
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
    this.#events.print(group, event);
  }

  #tick(): void {
    if (this.#context.interactive) {
      this.#context.live([renderLiveView(this.#view()), ...this.#lastLines()].join('\n'));
      return;
    }
    const atMs = nowMs();
    const settled = this.#changedAtMs !== undefined && atMs - this.#changedAtMs >= settleMs;
    if (settled || atMs - this.#printedAtMs >= idlePrintMs) this.print();
  }
}
