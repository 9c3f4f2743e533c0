import type { Check, Evidence, Judged, Violation } from '../check.ts';

export const liveness: Check = {
  name: 'liveness',
  code: 'V8',
  definition:
    'After the last fault and a quiet period, the group has not failed, every partition is counted up to its end offset, and each has exactly one owner, which is alive and the only member that reports the partition as its own.',
  start: (_context, report) => ({
    add: () => undefined,
    finish: ({ rest }) => {
      if (rest === undefined) return { skipped: 'the stable group was not inspected' };
      return judge(rest, report);
    },
  }),
};

function judge(
  { partitions, members, gaveUp }: NonNullable<Evidence['rest']>,
  report: (violation: Violation) => void,
): Judged {
  if (gaveUp !== undefined) report({ message: `the group failed: ${gaveUp}`, tickets: [] });
  for (const { partition, owner, nextOffset, endOffset } of partitions) {
    const violated = (what: string): void => {
      report({ message: `partition ${partition}: ${what}`, partition, tickets: [] });
    };
    if (nextOffset < endOffset) violated(`counted up to offset ${nextOffset}, the end offset is ${endOffset}`);
    const holders = members.filter((member) => member.partitions.includes(partition));
    if (owner === undefined) violated('it has no owner');
    else if (!members.some(({ member }) => member === owner)) violated(`its owner, member ${owner}, is not alive`);
    else if (holders.length !== 1 || holders[0]?.member !== owner) {
      const said = holders.map(({ member }) => member).join(', ') || 'none';
      violated(`member ${owner} owns it, but the members that report it are: ${said}`);
    }
  }
  return {};
}
