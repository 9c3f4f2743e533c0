import type { HistoryRecorder } from '../history/history-recorder.ts';
import { faultOf, type FaultKind } from './faults/all-faults.ts';
import type { FaultInProgress } from './faults/fault-runner.ts';

/** @returns a function that writes the begin or the end of a fault to the history of a group */
export function faultRecorder(recorder: HistoryRecorder, group: string) {
  return (type: 'faultBegun' | 'faultEnded', { index, planned, aim }: FaultInProgress<FaultKind>): void => {
    const { kind } = planned;
    const { scope, memberEffect } = faultOf(kind);
    const { text, members, silent } = aim;
    recorder.record({
      ...{ type, index, kind, scope, target: text },
      ...(members === undefined ? {} : { group, members }),
      ...(members === undefined || memberEffect === undefined ? {} : { memberEffect }),
      ...(silent === undefined ? {} : { silent }),
    });
  };
}
