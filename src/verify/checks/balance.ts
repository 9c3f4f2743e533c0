import type { Check } from '../check.ts';

export const balance: Check = {
  id: 'balance',
  name: 'balance',
  definition: 'At rest the numbers of partitions of any two live members differ by at most one.',
  start: (_context, report) => ({
    add: () => undefined,
    finish: ({ rest }) => {
      if (rest === undefined) return { skipped: 'the group was not looked at at rest' };
      const shares = rest.members.map(({ partitions }) => partitions.length).sort((a, b) => a - b);
      if ((shares.at(-1) ?? 0) - (shares[0] ?? 0) > 1) {
        const told = rest.members
          .map(({ member, partitions }) => `member ${member} has ${partitions.length}`)
          .join(', ');
        report({ message: `partitions are not shared out evenly: ${told}`, tickets: [] });
      }
      return {};
    },
  }),
};
