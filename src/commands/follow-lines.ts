import type { FollowView } from '../results/live-state.ts';
import { renderFollowLine, renderFollowView } from '../report/follow-view.ts';
import type { CommandContext } from './context.ts';

/** Interval between two drawings of the view on a terminal. */
const drawMs = 1_000;
/** Without a terminal, interval between two lines. */
const lineMs = 10_000;
/** The same while nothing changes: some systems stop a job that prints nothing for minutes. */
const idleLines = 6;

/** Progress of `counts --follow`: a live view on a terminal, otherwise lines. */
export class FollowLines {
  readonly #context: CommandContext;
  readonly #view: () => FollowView;
  readonly #lastLine: () => string | undefined;
  readonly #timer: NodeJS.Timeout;
  #printed: FollowView | undefined;
  #skipped = 0;

  /** @param lastLine - below the view on a terminal */
  constructor(context: CommandContext, view: () => FollowView, lastLine: () => string | undefined) {
    this.#context = context;
    this.#view = view;
    this.#lastLine = lastLine;
    this.#timer = setInterval(
      () => {
        this.#tick();
      },
      context.interactive ? drawMs : lineMs,
    );
  }

  end(): void {
    clearInterval(this.#timer);
    this.#context.endLive({ clear: true });
  }

  #tick(): void {
    const view = this.#view();
    if (this.#context.interactive) {
      const lastLine = this.#lastLine();
      this.#context.live([renderFollowView(view), ...(lastLine === undefined ? [] : [`  ${lastLine}`])].join('\n'));
      return;
    }
    const isIdle = view.records === this.#printed?.records && view.lag === this.#printed.lag;
    this.#skipped = isIdle ? this.#skipped + 1 : 0;
    if (this.#skipped % idleLines !== 0) return;
    this.#context.log(renderFollowLine(view));
    this.#printed = view;
  }
}
