import type { Check, Evidence, Judged, Violation } from '../check.ts';

export const liveness: Check = {
  id: 'V8',
  name: 'liveness',
  definition:
    'At rest, after the last fault and a quiet time, the group was not given up, and every partition is counted up to the log’s end and has exactly one owner, which is alive and the only member that says it has it.',
  start: (_context, report) => ({
    add: () => undefined,
    finish: ({ rest }) => {
      if (rest === undefined) return { skipped: 'the group was not looked at at rest' };
      return judge(rest, report);
    },
  }),
};

function judge(
  { partitions, members, gaveUp }: NonNullable<Evidence['rest']>,
  report: (violation: Violation) => void,
): Judged {
  if (gaveUp !== undefined) report({ message: `the group was given up: ${gaveUp}`, tickets: [] });
  for (const { partition, owner, nextOffset, endOffset } of partitions) {
    const violated = (what: string): void => {
      report({ message: `partition ${partition}: ${what}`, partition, tickets: [] });
    };
    if (nextOffset < endOffset) violated(`counted up to ${nextOffset}, the log ends at ${endOffset}`);
    const holders = members.filter((member) => member.partitions.includes(partition));
    if (owner === undefined) violated('nobody owns it');
    else if (!members.some(({ member }) => member === owner)) violated(`member ${owner} owns it, which is not alive`);
    else if (holders.length !== 1 || holders[0]?.member !== owner) {
      const said = holders.map(({ member }) => member).join(', ') || 'nobody';
      violated(`member ${owner} owns it, ${said} says to have it`);
    }
  }
  return {};
}
