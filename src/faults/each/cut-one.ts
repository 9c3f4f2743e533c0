import { chooseBroker, chooseMember } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { cut } from './cut.ts';

/** A member that reaches one broker and not the other: its partitions there stand still, or its coordinator is gone. */
export const cutOne: Fault = {
  kind: 'cut-one',
  aim: (target, choice) => {
    const member = chooseMember(target, choice);
    const nodeId = chooseBroker(target, { ...choice, wanted: undefined });
    if (member === undefined || nodeId === undefined) return undefined;
    return cut(target, choice, { memberId: member.memberId, nodeIds: [nodeId] });
  },
};
