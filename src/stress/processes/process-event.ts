import type { SeenCommit } from './changelog-state.ts';

/** What happened in a run across processes; `atMs` by time/clock.ts. */
export type ProcessEvent = { readonly atMs: number } & (
  | { readonly type: 'started'; readonly process: string }
  /** The partitions that a process has printed as its own. */
  | { readonly type: 'owns'; readonly process: string; readonly partitions: readonly number[] }
  | { readonly type: 'printed'; readonly process: string; readonly line: string }
  | {
      readonly type: 'signalled';
      readonly process: string;
      readonly signal: NodeJS.Signals;
      /** The partitions that it has printed last. */
      readonly owned: readonly number[];
    }
  | {
      readonly type: 'ended';
      readonly process: string;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Its last line about an error. */
      readonly complaint: string | undefined;
    }
  /** It has not ended within the given time after SIGTERM. */
  | { readonly type: 'notEnded'; readonly process: string; readonly afterMs: number }
  | ({ readonly type: 'committed'; readonly partition: number } & SeenCommit)
  | {
      readonly type: 'faultBegun' | 'faultEnded';
      readonly kind: string;
      readonly target: string;
    }
);
